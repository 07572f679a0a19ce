// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/answers.h"

#include "core/jsonrpc/json_text.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// A person refused (the specification's own example of sampling has this code).
constexpr qint64 UserRefused = -1;

constexpr char Sampling[] = "sampling/createMessage";
constexpr char Elicitation[] = "elicitation/create";

Failure unreadable(const QString &why)
{
    return Failure{FailureKind::File,
                   u"answers"_s,
                   u"The file of --answer cannot be used: %1."_s.arg(why),
                   u"The manual page shows how it is written."_s,
                   0,
                   {}};
}

QString withoutStop(const QString &sentence)
{
    return sentence.endsWith(u'.') ? sentence.chopped(1) : sentence;
}

/// A reply from a value of the file; why it is none in `problem`.
std::optional<ServerReply> readReply(const QByteArray &method, const JsonText &json,
                                     JsonText::Node value, QString *problem)
{
    const bool sampling = method == Sampling;
    if (json.isString(value)) {
        const QString text = json.string(value);
        if (text == "decline"_L1 || text == "cancel"_L1) {
            if (sampling)
                return refusal(method);
            return ServerReply{"{\"action\":" + jsonQuoted(text) + '}', {}, {}};
        }
        if (!sampling && text == "accept"_L1)
            return ServerReply{R"({"action":"accept"})", {}, {}};
        if (!sampling) {
            *problem = u"“%1” is no answer to elicitation; it is accept, decline or cancel"_s.arg(
                text.left(60));
            return {};
        }
        JsonWriter message;
        message.beginObject().key(u"model").value(u"canned").key(u"role").value(u"assistant");
        message.key(u"content").beginObject().key(u"type").value(u"text");
        message.key(u"text").value(text).endObject();
        message.key(u"stopReason").value(u"endTurn").endObject();
        return ServerReply{message.text(), {}, {}};
    }
    if (!json.isObject(value)) {
        *problem = u"an answer is an object or a text"_s;
        return {};
    }
    const JsonText::Node error = json.member(value, u"error");
    if (error < 0)
        return ServerReply{json.raw(value).toByteArray(), {}, {}};
    const std::optional<qint64> code = json.integer(json.member(error, u"code"));
    if (!code) {
        *problem = u"an error needs a whole number as code"_s;
        return {};
    }
    return ServerReply{{}, *code, json.string(json.member(error, u"message"))};
}

} // namespace

ServerReply refusal(const QByteArray &method)
{
    if (method == Elicitation)
        return ServerReply{R"({"action":"decline"})", {}, {}};
    return ServerReply{{}, UserRefused, u"The user declined the request"_s};
}

Expected<ServerReply> replyFrom(const QByteArray &method, const QByteArray &text)
{
    const auto wrong = [](const QString &why) {
        return Failure{FailureKind::Usage,
                       u"bad-answer"_s,
                       u"That is no answer: %1."_s.arg(why),
                       u"Give a JSON value, or use decline or cancel."_s,
                       0,
                       {}};
    };
    const JsonText json = JsonText::parse(text);
    if (!json.isValid()) {
        return wrong(json.error() ? u"%1 (at byte %2)"_s.arg(withoutStop(json.error()->sentence),
                                                             QString::number(json.error()->offset))
                                  : u"it is empty"_s);
    }
    QString problem;
    const std::optional<ServerReply> reply = readReply(method, json, json.root(), &problem);
    if (!reply)
        return wrong(problem);
    return *reply;
}

Expected<Answers> Answers::read(const QByteArray &text)
{
    const JsonText json = JsonText::parse(text);
    if (!json.isValid()) {
        return unreadable(json.error()
                              ? u"%1 (at byte %2)"_s.arg(withoutStop(json.error()->sentence),
                                                         QString::number(json.error()->offset))
                              : u"it is empty"_s);
    }
    if (!json.isObject(json.root()))
        return unreadable(u"it holds no JSON object"_s);
    Answers answers;
    for (const JsonText::Node member : json.children(json.root())) {
        const QString name = json.key(member);
        if (name != "roots"_L1 && name != "sampling"_L1 && name != "elicitation"_L1) {
            return unreadable(
                u"it has the member “%1”, and takes roots, sampling and elicitation"_s.arg(
                    name.left(60)));
        }
        if (!json.isArray(member))
            return unreadable(u"its %1 is no array"_s.arg(name));
        if (name == "roots"_L1) {
            answers.m_rootsGiven = true;
            for (const JsonText::Node root : json.children(member)) {
                const QString uri = json.string(json.member(root, u"uri"));
                if (uri.isEmpty())
                    return unreadable(u"one of its roots has no uri"_s);
                answers.m_roots.append(Root{uri, json.string(json.member(root, u"name"))});
            }
            continue;
        }
        const bool sampling = name == "sampling"_L1;
        Kind &kind = sampling ? answers.m_sampling : answers.m_elicitation;
        kind.given = true;
        for (const JsonText::Node value : json.children(member)) {
            QString problem;
            const auto reply = readReply(sampling ? Sampling : Elicitation, json, value, &problem);
            if (!reply) {
                return unreadable(u"in %1 %2 (at byte %3)"_s.arg(
                    name, problem, QString::number(json.start(value))));
            }
            kind.replies.append(*reply);
        }
    }
    return answers;
}

ClientOffer Answers::offer() const
{
    ClientOffer offer;
    offer.roots = m_rootsGiven;
    offer.sampling = m_sampling.given;
    offer.elicitation = m_elicitation.given;
    return offer;
}

std::optional<ServerReply> Answers::next(const QByteArray &method)
{
    Kind *kind = method == Sampling ? &m_sampling
        : method == Elicitation     ? &m_elicitation
                                    : nullptr;
    if (!kind || kind->replies.isEmpty())
        return {};
    const qsizetype index = std::min(kind->used++, kind->replies.size() - 1);
    return kind->replies.at(index);
}

} // namespace sightglass::cli

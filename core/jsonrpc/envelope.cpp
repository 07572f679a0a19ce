// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/envelope.h"

#include "core/jsonrpc/json_scan.h"

#include <QHashFunctions>

#include <array>
#include <charconv>

namespace sightglass {

namespace {

/// A value of the message as it was met.
struct Place {
    const char *at = nullptr; ///< null: absent
    const char *behind = nullptr;
    JsonType type = JsonType::Null;

    bool isPresent() const { return at; }
    bool says() const { return at && type != JsonType::Null; }
    QByteArrayView raw() const { return at ? QByteArrayView(at, behind - at) : QByteArrayView(); }
};

enum Member : quint8 { Jsonrpc, Id, Method, Params, Result, ErrorMember, Code, Message, Known };

constexpr std::array<QByteArrayView, Known> names = {
    QByteArrayView("jsonrpc", 7), QByteArrayView("id", 2),     QByteArrayView("method", 6),
    QByteArrayView("params", 6),  QByteArrayView("result", 6), QByteArrayView("error", 5),
    QByteArrayView("code", 4),    QByteArrayView("message", 7)};

/// The member of this name among the names from `from` to before `to`; Known: none of them.
Member memberNamed(QByteArrayView quoted, quint8 from, quint8 to)
{
    const qsizetype length = quoted.size() - 2;
    for (quint8 i = from; i < to; ++i) {
        if (names[i].size() == length && names[i][0] == quoted[1]
            && std::memcmp(names[i].data(), quoted.data() + 1, size_t(length)) == 0)
            return Member(i);
    }
    if (!quoted.contains('\\'))
        return Known;
    const QByteArray decoded = jsonUnquoted(quoted).toUtf8();
    for (quint8 i = from; i < to; ++i) {
        if (decoded == names[i])
            return Member(i);
    }
    return Known;
}

/// The members of a message and of its error object that say what it is.
struct Members {
    const char *begin;
    QList<JsonError> *problems;
    std::array<Place, Known> places{};

    /// A name was met at `at`; what it had before does not count any more.
    void seen(Member member, const char *at)
    {
        if (member == Known || !places[member].isPresent())
            return;
        constexpr qsizetype MostProblems = 20;
        if (problems->size() < MostProblems)
            problems->append(
                {at - begin,
                 QStringLiteral(
                     "The member \"%1\" stands here a second time. Most readers take the "
                     "last one.")
                     .arg(QLatin1String(names[member].data(), names[member].size()))});
        places[member] = {};
        if (member == ErrorMember)
            places[Code] = places[Message] = {};
    }
};

/// Keeps the members of an error object; what is within them passes.
struct ErrorSink {
    Members *members;
    qint64 depth = 0;
    Member current = Known;

    void key(const char *at, const char *behind)
    {
        if (depth == 1) {
            current = memberNamed(QByteArrayView(at, behind - at), Code, Known);
            members->seen(current, at);
        }
    }
    void put(JsonType type, const char *at, const char *behind)
    {
        if (depth == 1 && current != Known)
            members->places[current] = {at, behind, type};
    }
    bool open(bool object, const char *at)
    {
        put(object ? JsonType::Object : JsonType::Array, at, at);
        ++depth;
        return true;
    }
    void close(const char *behind)
    {
        --depth;
        if (depth == 1 && current != Known)
            members->places[current].behind = behind;
    }
    bool scalar(JsonType type, const char *at, const char *behind)
    {
        put(type, at, behind);
        return true;
    }
};

/// Behind the value of a member of the message, its type in `type`; null with the error set.
const char *scanMember(Member member, const char *p, const char *end, Members &members,
                       JsonType &type, json::ScanError &error)
{
    if (p == end || (*p != '{' && *p != '['))
        return json::scanScalar(p, end, type, error);
    type = *p == '{' ? JsonType::Object : JsonType::Array;
    if (member == ErrorMember && type == JsonType::Object) {
        ErrorSink sink{&members};
        return json::scanValue(p, end, sink, error);
    }
    json::NoSink none;
    return json::scanValue(p, end, none, error);
}

/// Reads the object that opens at p: its own members are kept, what is within them only has to be
/// JSON. Behind the object; null with the error set.
const char *scanObject(const char *p, const char *end, Members &members, json::ScanError &error)
{
    p = json::skipSpace(p + 1, end);
    if (p < end && *p == '}')
        return p + 1;
    if (p < end && *p != '"') {
        json::expected("a member name in quotes or '}'", p, end, error);
        return nullptr;
    }
    for (;;) {
        Member member = Known;
        p = json::scanName(p, end, error, [&](const char *at, const char *behind) {
            member = memberNamed(QByteArrayView(at, behind - at), Jsonrpc, Code);
            members.seen(member, at);
        });
        if (!p)
            return nullptr;
        JsonType type = JsonType::Null;
        const char *behind = scanMember(member, p, end, members, type, error);
        if (!behind)
            return nullptr;
        if (member != Known)
            members.places[member] = {p, behind, type};
        p = json::skipSpace(behind, end);
        if (p < end && *p == '}')
            return p + 1;
        if (p == end || *p != ',') {
            json::expected("a comma or '}'", p, end, error);
            return nullptr;
        }
        p = json::skipSpace(p + 1, end);
    }
}

/// Methods that come by the million share their name.
QByteArray sharedMethod(QByteArrayView name)
{
    static const QByteArray often[] = {QByteArrayLiteral("notifications/message"),
                                       QByteArrayLiteral("notifications/progress"),
                                       QByteArrayLiteral("notifications/resources/updated")};
    for (const QByteArray &known : often) {
        if (known.size() == name.size()
            && std::memcmp(known.constData(), name.data(), size_t(name.size())) == 0)
            return known;
    }
    return name.toByteArray();
}

/// Judges the members that a message has.
class Judge {
public:
    Judge(const Members &members, Envelope &envelope)
        : m_places(members.places)
        , m_begin(members.begin)
        , m_envelope(envelope)
    {
    }
    void judge()
    {
        version();
        id();
        kind();
        if (m_envelope.kind == EnvelopeKind::Error)
            error();
    }

private:
    const Place &place(Member member) const { return m_places[member]; }
    void problem(const char *at, const QString &sentence)
    {
        m_envelope.problems.append({at - m_begin, sentence});
    }
    void version()
    {
        const Place &version = place(Jsonrpc);
        if (!version.isPresent())
            problem(m_begin, QStringLiteral("The message has no \"jsonrpc\" member."));
        else if (version.raw() != QByteArrayView("\"2.0\"", 5)
                 && jsonUnquoted(version.raw()) != QLatin1String("2.0"))
            problem(version.at, QStringLiteral("The member \"jsonrpc\" is not \"2.0\"."));
    }
    void id()
    {
        const Place &id = place(Id);
        if (!id.isPresent())
            return;
        m_envelope.id.raw = id.raw().toByteArray();
        if (id.type == JsonType::Number) {
            for (const char c : id.raw()) {
                if (c == '.' || c == 'e' || c == 'E') {
                    problem(id.at, QStringLiteral("The id is a number, but no integer."));
                    break;
                }
            }
        } else if (id.type != JsonType::String && id.type != JsonType::Null) {
            problem(id.at, QStringLiteral("The id is neither a string nor a number."));
        }
    }
    void kind()
    {
        const bool answers = place(Result).says() || place(ErrorMember).says();
        if (place(Method).says() && answers) {
            problem(place(Method).at,
                    QStringLiteral("The message has a method and a result or error: it is neither "
                                   "a request nor an answer."));
            methodName();
            answerViews();
        } else if (place(Method).says()) {
            call();
        } else if (place(Result).isPresent() || place(ErrorMember).says()) {
            answer();
        } else if (place(Method).isPresent()) {
            problem(place(Method).at, QStringLiteral("The method is not a string."));
        } else if (place(ErrorMember).isPresent()) {
            problem(place(ErrorMember).at, QStringLiteral("The error is null."));
        } else {
            problem(
                m_begin,
                QStringLiteral("The message has none of \"method\", \"result\" and \"error\"."));
        }
    }
    void methodName()
    {
        const Place &method = place(Method);
        if (method.type == JsonType::String) {
            const QByteArrayView inner = method.raw().sliced(1, method.raw().size() - 2);
            m_envelope.method =
                inner.contains('\\') ? jsonUnquoted(method.raw()).toUtf8() : sharedMethod(inner);
        }
        m_envelope.params = place(Params).raw();
    }
    void call()
    {
        const Place &id = place(Id);
        const Place &params = place(Params);
        methodName();
        if (place(Method).type != JsonType::String) {
            problem(place(Method).at, QStringLiteral("The method is not a string."));
            return;
        }
        m_envelope.kind = id.isPresent() ? EnvelopeKind::Request : EnvelopeKind::Notification;
        if (id.isPresent() && id.type == JsonType::Null)
            problem(id.at, QStringLiteral("The id of a request must not be null."));
        if (id.isPresent() && m_envelope.method.startsWith("notifications/"))
            problem(id.at, QStringLiteral("A notification has no id."));
        if (params.isPresent() && params.type != JsonType::Object && params.type != JsonType::Array)
            problem(params.at, QStringLiteral("The params are neither an object nor an array."));
    }
    void answerViews()
    {
        m_envelope.result = place(Result).raw();
        m_envelope.error = place(ErrorMember).raw();
    }
    void answer()
    {
        answerViews();
        const bool isError = place(ErrorMember).says();
        m_envelope.kind = isError ? EnvelopeKind::Error : EnvelopeKind::Result;
        if (isError && place(Result).isPresent())
            problem(place(Result).at, QStringLiteral("An answer with an error has no result."));
        if (!isError && place(ErrorMember).isPresent())
            problem(place(ErrorMember).at, QStringLiteral("An answer with a result has no error."));
        if (place(Method).isPresent())
            problem(place(Method).at, QStringLiteral("An answer has no method."));
        if (!place(Id).isPresent())
            problem(m_begin,
                    QStringLiteral("The answer has no id, so no request can be told for it."));
        else if (!isError && place(Id).type == JsonType::Null)
            problem(place(Id).at, QStringLiteral("The id of a result must not be null."));
    }
    void error()
    {
        const Place &error = place(ErrorMember);
        if (error.type != JsonType::Object) {
            problem(error.at, QStringLiteral("The error is not an object."));
            if (error.type == JsonType::String)
                m_envelope.errorMessage = jsonUnquoted(error.raw());
            return;
        }
        const Place &code = place(Code);
        if (!code.isPresent()) {
            problem(error.at, QStringLiteral("The error has no code."));
        } else {
            const auto [rest, fault] = std::from_chars(code.at, code.behind, m_envelope.errorCode);
            if (code.type != JsonType::Number || fault != std::errc() || rest != code.behind) {
                m_envelope.errorCode = 0;
                problem(code.at, QStringLiteral("The error's code is not an integer."));
            }
        }
        const Place &message = place(Message);
        if (!message.isPresent())
            problem(error.at, QStringLiteral("The error has no message."));
        else if (message.type != JsonType::String)
            problem(message.at, QStringLiteral("The error's message is not a string."));
        else
            m_envelope.errorMessage = jsonUnquoted(message.raw());
    }

    const std::array<Place, Known> &m_places;
    const char *m_begin;
    Envelope &m_envelope;
};

/// Cuts the elements of a top-level array.
struct BatchSink {
    QList<QByteArrayView> *texts;
    qint64 depth = 0;
    const char *openAt = nullptr;
    const char *cutAt = nullptr; ///< the first message that is too many

    void add(const char *at, const char *behind)
    {
        if (texts->size() < MaxBatchMessages)
            texts->append(QByteArrayView(at, behind - at));
        else if (!cutAt)
            cutAt = at;
    }
    void key(const char *, const char *) { }
    bool open(bool, const char *at)
    {
        if (depth == 1)
            openAt = at;
        ++depth;
        return true;
    }
    void close(const char *behind)
    {
        --depth;
        if (depth == 1)
            add(openAt, behind);
    }
    bool scalar(JsonType, const char *at, const char *behind)
    {
        if (depth == 1)
            add(at, behind);
        return true;
    }
};

/// False if the text is no JSON; the reason is the last problem then.
bool scanMessage(QByteArrayView text, Envelope &envelope)
{
    const char *begin = text.data();
    const char *end = begin + text.size();
    const char *first = json::skipSpace(begin, end);
    Members members{begin, &envelope.problems};
    json::ScanError error;
    const bool isObject = first < end && *first == '{';
    const char *behind = nullptr;
    if (isObject) {
        behind = scanObject(first, end, members, error);
    } else {
        json::NoSink none;
        behind = json::scanValue(first, end, none, error);
    }
    if (!behind || !json::scanEnd(behind, end, error)) {
        envelope.id.raw = members.places[Id].raw().toByteArray();
        envelope.problems.append({error.at - begin, error.sentence});
        return false;
    }
    if (isObject)
        Judge(members, envelope).judge();
    else
        envelope.problems.append(
            {first - begin, QStringLiteral("A JSON-RPC message is an object, but this is none.")});
    return true;
}

} // namespace

size_t qHash(const RpcId &id, size_t seed) noexcept
{
    return qHash(id.raw, seed);
}

Envelope scanEnvelope(QByteArrayView text)
{
    Envelope envelope;
    scanMessage(text, envelope);
    return envelope;
}

const Envelope &EnvelopeScanner::scan(QByteArrayView text)
{
    const qsizetype around = m_before.size() + m_behind.size();
    if (!m_before.isEmpty() && text.size() > around && text.startsWith(m_before)
        && text.endsWith(m_behind)) {
        const char *const params = text.data() + m_before.size();
        const char *const end = text.data() + text.size();
        json::NoSink none;
        json::ScanError error;
        // What stands around it was read as JSON where it was a value, and is the same.
        if ((*params == '{' || *params == '[')
            && json::scanValue(params, end, none, error) == end - m_behind.size()) {
            m_last.params = text.sliced(m_before.size(), text.size() - around);
            return m_last;
        }
    }
    m_last = scanEnvelope(text);
    constexpr qsizetype MostAround = 512;
    m_before.clear();
    if (m_last.kind == EnvelopeKind::Notification && m_last.problems.isEmpty()
        && !m_last.params.isEmpty() && text.size() - m_last.params.size() <= MostAround) {
        const qsizetype at = m_last.params.data() - text.data();
        m_before = text.first(at).toByteArray();
        m_behind = text.sliced(at + m_last.params.size()).toByteArray();
    }
    return m_last;
}

EnvelopeBatch scanBody(QByteArrayView text)
{
    EnvelopeBatch body;
    const char *begin = text.data();
    const char *end = begin + text.size();
    const char *first = json::skipSpace(begin, end);
    if (first < end && *first == '[') {
        body.batch = true;
        BatchSink sink{&body.texts};
        json::ScanError error;
        if (!json::scan(begin, end, sink, error)) {
            body.texts.clear();
            body.error = JsonError{error.at - begin, error.sentence};
            return body;
        }
        if (body.texts.isEmpty())
            body.error =
                JsonError{first - begin, QStringLiteral("The batch is empty: it has no message.")};
        if (sink.cutAt)
            body.error = JsonError{
                sink.cutAt - begin,
                QStringLiteral("The batch has more than %1 messages. The others are not read.")
                    .arg(MaxBatchMessages)};
        for (const QByteArrayView message : std::as_const(body.texts))
            body.messages.append(scanEnvelope(message));
        return body;
    }
    Envelope envelope;
    if (!scanMessage(text, envelope)) {
        body.error = envelope.problems.constLast();
        return body;
    }
    body.messages.append(envelope);
    body.texts.append(text);
    return body;
}

} // namespace sightglass

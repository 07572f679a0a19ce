// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/auth/evp.h"
#include "core/auth/jose.h"
#include "core/jsonrpc/json_text.h"
#include "core/trace/trace_text.h"

#include <QStringList>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// A key set of a stranger may be long; each try costs up to some milliseconds.
constexpr int MaxKeysTried = 100;

/// What strangers wrote, short enough for a sentence.
QString quotedName(const QString &text)
{
    const QString cut = text.size() > 80 ? text.left(80) + u'…' : text;
    return u'"' + markedText(cut, LineEnds::Mark) + u'"';
}

bool namesTwice(const JsonText &json, QStringView name)
{
    int count = 0;
    for (JsonText::Node node = json.firstChild(json.root()); node >= 0;
         node = json.nextSibling(node))
        count += json.key(node) == name;
    return count > 1;
}

/// One key of a set, as far as it is meant for an algorithm.
struct SetKey {
    evp::Key key; ///< null: it does not fit
    QString name; ///< "the key "a"", "the first key"
    QString problem; ///< why it does not fit
};

class KeySetReader {
public:
    KeySetReader(const JsonText &set, const evp::Algorithm &algorithm)
        : m_set(set)
        , m_algorithm(algorithm)
    {
    }

    SetKey read(JsonText::Node node, int number) const
    {
        const QString id = text(node, u"kid");
        SetKey read{nullptr,
                    id.isEmpty() ? u"key %1 of the set"_s.arg(number)
                                 : u"the key %1"_s.arg(quotedName(id)),
                    {}};
        read.problem = notMeant(node);
        if (read.problem.isEmpty())
            makeKey(node, read);
        return read;
    }

private:
    QString text(JsonText::Node node, QStringView name) const
    {
        return m_set.string(m_set.member(node, name));
    }

    /// RFC 7517, 4: what a key says of its use.
    QString notMeant(JsonText::Node node) const
    {
        const QString type = text(node, u"kty");
        if (type != QLatin1StringView(m_algorithm.type))
            return u"is of the type %1, not %2"_s.arg(quotedName(type),
                                                      QLatin1StringView(m_algorithm.type));
        const QString curve = text(node, u"crv");
        if (*m_algorithm.curve && curve != QLatin1StringView(m_algorithm.curve))
            return u"is on the curve %1, not %2"_s.arg(quotedName(curve),
                                                       QLatin1StringView(m_algorithm.curve));
        const JsonText::Node algorithm = m_set.member(node, u"alg");
        if (algorithm >= 0 && m_set.string(algorithm) != QLatin1StringView(m_algorithm.name))
            return u"is for %1"_s.arg(quotedName(m_set.string(algorithm)));
        const JsonText::Node use = m_set.member(node, u"use");
        if (use >= 0 && m_set.string(use) != "sig"_L1)
            return u"is not for signatures"_s;
        const JsonText::Node operations = m_set.member(node, u"key_ops");
        if (operations < 0)
            return {};
        for (const JsonText::Node operation : m_set.children(operations)) {
            if (m_set.string(operation) == "verify"_L1)
                return {};
        }
        return u"is not for checking signatures"_s;
    }

    void makeKey(JsonText::Node node, SetKey &read) const
    {
        const auto bytes = [&](QStringView name) {
            return fromBase64Url(text(node, name).toUtf8()).value_or(QByteArray());
        };
        evp::KeyParts parts;
        parts.type = m_algorithm.type;
        parts.curve = m_algorithm.curve;
        parts.x = bytes(u"x");
        parts.y = bytes(u"y");
        parts.n = bytes(u"n");
        parts.e = bytes(u"e");
        // Before OpenSSL calculates with it.
        if (parts.n.size() * 8 > evp::MaxRsaBits + 8 || parts.e.size() > 8) {
            read.problem = u"is longer than %1 bits"_s.arg(evp::MaxRsaBits);
            return;
        }
        read.key = evp::keyOf(parts);
        if (!read.key) {
            read.problem = u"is malformed"_s;
        } else if (parts.type == "RSA" && EVP_PKEY_get_bits(read.key.get()) < evp::MinRsaBits) {
            read.problem = u"has %1 bits, which is too weak: RFC 7518, 3.3 asks for %2"_s
                               .arg(EVP_PKEY_get_bits(read.key.get()))
                               .arg(evp::MinRsaBits);
            read.key.reset();
        }
    }

    const JsonText &m_set;
    const evp::Algorithm &m_algorithm;
};

SignatureCheck unsupported(const QString &sentence)
{
    return {SignatureCheck::State::Unsupported, sentence};
}

SignatureCheck noKey(const QString &sentence)
{
    return {SignatureCheck::State::NoKey, sentence};
}

/// Why no key is sought at all; Valid: one is.
SignatureCheck checkHeader(const JsonText &header)
{
    const JsonText::Node node = header.member(header.root(), u"alg");
    const QString name = header.string(node);
    if (!header.isString(node) || namesTwice(header, u"alg"))
        return unsupported(u"The header does not name one algorithm, as RFC 7515, 4.1.1 asks."_s);
    if (name.compare("none"_L1, Qt::CaseInsensitive) == 0)
        return unsupported(u"The token is not signed: its algorithm is \"none\"."_s);
    if (name.startsWith("HS"_L1))
        return unsupported(u"%1 signs with a secret that two parties share: no public key can "
                           "check it."_s.arg(quotedName(name)));
    if (!evp::findAlgorithm(name.toUtf8()))
        return unsupported(u"The algorithm %1 is not known here."_s.arg(quotedName(name)));
    if (header.member(header.root(), u"crit") >= 0)
        return unsupported(u"The header has critical members (\"crit\"), which are not understood "
                           "here (RFC 7515, 4.1.11)."_s);
    return {SignatureCheck::State::Valid, {}};
}

struct Candidates {
    QList<JsonText::Node> nodes;
    QList<int> numbers; ///< the place of each in the set, from 1
    QStringList ids; ///< of all keys of the set
    bool tooMany = false;
};

Candidates candidatesOf(const JsonText &set, JsonText::Node keys, const std::optional<QString> &id)
{
    Candidates found;
    int number = 0;
    for (JsonText::Node node = set.firstChild(keys); node >= 0; node = set.nextSibling(node)) {
        ++number;
        if (!set.isObject(node))
            continue;
        const QString its = set.string(set.member(node, u"kid"));
        if (!its.isEmpty() && found.ids.size() < 5)
            found.ids.append(quotedName(its));
        if (id && its != *id)
            continue;
        if (found.nodes.size() == MaxKeysTried) {
            found.tooMany = true;
            break;
        }
        found.nodes.append(node);
        found.numbers.append(number);
    }
    return found;
}

SignatureCheck wrongSignature(const Jwt &jwt, const evp::Algorithm &algorithm,
                              const QStringList &tried)
{
    QString sentence = tried.size() == 1
        ? u"The signature (%1) is not the one of %2."_s.arg(QLatin1StringView(algorithm.name),
                                                            tried.constFirst())
        : u"The signature (%1) is of none of the %2 keys that fit."_s
              .arg(QLatin1StringView(algorithm.name))
              .arg(tried.size());
    const qsizetype length = qsizetype(2) * algorithm.coordinate;
    if (jwt.signature.isEmpty())
        sentence = u"The token has no signature, though its header says %1."_s.arg(
            QLatin1StringView(algorithm.name));
    else if (length && jwt.signature.size() != length)
        sentence += u" It has %1 bytes, where %2 has %3."_s.arg(jwt.signature.size())
                        .arg(QLatin1StringView(algorithm.name))
                        .arg(length);
    return {SignatureCheck::State::Wrong, sentence};
}

} // namespace

SignatureCheck checkSignature(const Jwt &jwt, const QByteArray &jwks)
{
    const JsonText header = JsonText::parse(jwt.header);
    const SignatureCheck before = checkHeader(header);
    if (before.state != SignatureCheck::State::Valid)
        return before;
    const evp::Algorithm &algorithm =
        *evp::findAlgorithm(header.string(header.member(header.root(), u"alg")).toUtf8());

    const JsonText set = JsonText::parse(jwks);
    const JsonText::Node keys = set.member(set.root(), u"keys");
    if (!set.isObject(set.root()) || !set.isArray(keys))
        return noKey(u"The key set is none: it is no JSON object with a list \"keys\"."_s);
    const JsonText::Node idNode = header.member(header.root(), u"kid");
    const std::optional<QString> id =
        header.isString(idNode) ? std::optional(header.string(idNode)) : std::nullopt;
    const Candidates candidates = candidatesOf(set, keys, id);
    if (candidates.nodes.isEmpty() && id)
        return noKey(u"The token names the key %1, which is not in the key set (%2)."_s.arg(
            quotedName(*id),
            candidates.ids.isEmpty() ? u"its keys have no ids"_s
                                     : u"which has "_s + candidates.ids.join(u", "_s)));

    const KeySetReader reader(set, algorithm);
    QStringList tried;
    QString misfit;
    for (qsizetype i = 0; i < candidates.nodes.size(); ++i) {
        const SetKey key = reader.read(candidates.nodes.at(i), candidates.numbers.at(i));
        if (!key.key) {
            if (misfit.isEmpty())
                misfit = u"%1 %2"_s.arg(key.name, key.problem);
            continue;
        }
        if (evp::verify(key.key.get(), algorithm, jwt.signedPart, jwt.signature))
            return {SignatureCheck::State::Valid,
                    u"Signed with %1 by %2."_s.arg(QLatin1StringView(algorithm.name), key.name)};
        tried.append(key.name);
    }
    if (tried.isEmpty())
        return noKey(u"No key of the set can check %1%2."_s.arg(
            QLatin1StringView(algorithm.name),
            misfit.isEmpty() ? u": the set is empty"_s : u": "_s + misfit));
    if (candidates.tooMany)
        return noKey(u"The key set is long: none of its first %1 keys made the signature."_s.arg(
            MaxKeysTried));
    return wrongSignature(jwt, algorithm, tried);
}

} // namespace sightglass

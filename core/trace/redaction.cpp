// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/redaction.h"

#include "core/trace/body_redactor.h"
#include "core/trace/secret_names.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>

#include <algorithm>
#include <string_view>

namespace sightglass {

namespace {

constexpr qsizetype shortestKnown = 4;
constexpr qsizetype longestWord = 12;
/// All that JSON has outside of its strings, their first quotes included.
constexpr std::string_view outsideStrings = "{}[]:,\" \t\r\n-+.0123456789eEtrufalsn";
constexpr qsizetype mostEscapes = 8; ///< before one escape: JSON in JSON in JSON

/// A word that people use: where it stands, it need not be the secret.
bool isWord(QByteArrayView secret)
{
    return secret.size() <= longestWord && std::all_of(secret.begin(), secret.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
}

/// The byte that these hexadecimal digits stand for, or -1.
int byteOf(QByteArrayView digits)
{
    bool ok = false;
    const uint value = digits.toByteArray().toUInt(&ok, 16);
    return ok && value < 256 ? int(value) : -1;
}

/// How long the secret is as it is spelled at the beginning of the text, each byte as itself or
/// escaped; 0: it is not there, -1: the text ends before that is known.
qsizetype spelled(QByteArrayView secret, QByteArrayView text)
{
    qsizetype at = 0;
    for (const char c : secret) {
        if (at == text.size())
            return -1;
        const unsigned char wanted = static_cast<unsigned char>(c);
        const char is = text.at(at);
        if (is == '%') {
            if (at + 2 < text.size() && byteOf(text.sliced(at + 1, 2)) == wanted) {
                at += 3;
                continue;
            }
            if (at + 2 >= text.size())
                return -1;
        }
        if (is == c || (is == '+' && c == ' ')) {
            ++at;
            continue;
        }
        if (is != '\\')
            return 0;
        qsizetype escaped = at + 1;
        while (escaped < text.size() && text.at(escaped) == '\\' && escaped - at < mostEscapes)
            ++escaped;
        if (escaped == text.size())
            return -1;
        if (text.at(escaped) == c && (c == '/' || c == '"')) {
            at = escaped + 1;
            continue;
        }
        if (text.at(escaped) != 'u')
            return 0;
        if (escaped + 4 >= text.size())
            return -1;
        if (byteOf(text.sliced(escaped + 1, 4)) != wanted || wanted > 0x7f)
            return 0;
        at = escaped + 5;
    }
    return at;
}

bool isNamed(const Header &header, const char *name)
{
    return header.name.compare(name, Qt::CaseInsensitive) == 0;
}

QByteArray escapedForJson(const QByteArray &bytes, bool slashes)
{
    QByteArray out;
    for (char c : bytes) {
        if (c == '"' || c == '\\' || (slashes && c == '/'))
            out += '\\';
        out += c;
    }
    return out;
}

/// What a person has to know of a value that is not shown: its length, and what makes a token
/// unusable.
QByteArray lengthNote(QByteArrayView secret)
{
    QByteArray note =
        " (" + QByteArray::number(secret.size()) + (secret.size() == 1 ? " byte" : " bytes");
    const char first = secret.front();
    if (secret.size() > 1 && first == secret.back() && (first == '"' || first == '\''))
        note += ", in quotes";
    if (std::any_of(secret.begin(), secret.end(),
                    [](char c) { return static_cast<unsigned char>(c) <= ' '; }))
        note += ", with white space";
    if (std::any_of(secret.begin(), secret.end(),
                    [](char c) { return static_cast<unsigned char>(c) > 0x7e; }))
        note += ", with non-ASCII";
    return note + ')';
}

/// Calls f(name, value) for each pair of a Cookie header; a pair without '=' has no name.
template <typename F> void forEachCookie(const QByteArray &value, F f)
{
    for (const QByteArray &part : value.split(';')) {
        const QByteArray pair = part.trimmed();
        const qsizetype equals = pair.indexOf('=');
        if (!pair.isEmpty())
            f(pair.left(qMax(qsizetype(0), equals)), pair.mid(equals + 1));
    }
}

} // namespace

Redactor::Redactor(QByteArray salt)
    : m_salt(std::move(salt))
{
}

bool Redactor::isSecretName(QByteArrayView name)
{
    return isSecretHeaderName(name);
}

bool Redactor::isSecret(const Header &header)
{
    return header.secret || isSecretHeaderName(header.name);
}

QByteArray Redactor::fingerprint(QByteArrayView secret) const
{
    const QByteArrayView bare = secret.sliced(schemeLength(secret));
    if (fingerprintLength(bare) > 0)
        return bare.first(5).toByteArray();
    return '~'
        + QMessageAuthenticationCode::hash(bare.toByteArray(), m_salt, QCryptographicHash::Sha256)
              .toHex()
              .first(4);
}

QByteArray Redactor::headerValue(const Header &header) const
{
    const QByteArray &value = header.value;
    if (value.isEmpty())
        return value;
    if (!isSecret(header)) {
        // A secret may stand in any header: a redirect's target, an echo.
        return target(value);
    }
    if (isNamed(header, "Cookie")) {
        QByteArrayList parts;
        forEachCookie(value, [&](const QByteArray &name, const QByteArray &cookie) {
            const QByteArray shown = cookie.isEmpty() ? cookie : fingerprint(cookie);
            parts += name.isEmpty() ? shown : name + '=' + shown;
        });
        return parts.join("; ");
    }
    if (isNamed(header, "Set-Cookie")) {
        QByteArrayList lines; // Qt joins several by line ends
        for (const QByteArray &line : value.split('\n')) {
            const qsizetype end = line.indexOf(';') < 0 ? line.size() : line.indexOf(';');
            const qsizetype equals = qMin(line.indexOf('='), end);
            const QByteArray cookie = line.mid(equals + 1, end - equals - 1).trimmed();
            lines += line.left(equals + 1) + (cookie.isEmpty() ? cookie : fingerprint(cookie))
                + line.mid(end);
        }
        return lines.join('\n');
    }
    const QByteArrayView secret = QByteArrayView(value).sliced(schemeLength(value));
    if (secret.isEmpty() || fingerprintLength(secret) > 0)
        return value;
    return value.first(value.size() - secret.size()) + fingerprint(secret) + lengthNote(secret);
}

QUrl Redactor::url(const QUrl &url) const
{
    const QByteArray encoded = url.toEncoded();
    const QByteArray redacted = target(encoded);
    return redacted == encoded ? url : QUrl::fromEncoded(redacted);
}

QByteArray Redactor::target(QByteArrayView target) const
{
    // Where all is in one place, there is no need to keep the length: the stars go.
    const QByteArray padded = body(target.toByteArray());
    if (padded == target)
        return padded;
    QByteArray out;
    out.reserve(padded.size());
    for (qsizetype i = 0; i < padded.size(); ++i) {
        const bool isNew = padded.at(i) != target.at(i);
        if (isNew && padded.at(i) == '*' && out.size() >= 5
            && fingerprintLength(QByteArrayView(out).last(5)) > 0)
            continue;
        out += padded.at(i);
    }
    return out;
}

QByteArray Redactor::body(const QByteArray &bytes) const
{
    BodyRedactor redactor(*this);
    const QByteArray first = redactor.feed(bytes);
    return first.size() == bytes.size() ? first : first + redactor.finish();
}

QString Redactor::text(const QString &text) const
{
    const QByteArray bytes = text.toUtf8();
    const QByteArray redacted = target(bytes);
    return redacted == bytes ? text : QString::fromUtf8(redacted);
}

QByteArray Redactor::withoutKnown(QByteArrayView bytes) const
{
    if (!knowsSecrets())
        return bytes.toByteArray();
    qsizetype rest = 0;
    QByteArray out = withoutKnown(bytes, &rest);
    // Behind the end nothing follows: what fits in there is looked at as it is.
    while (rest > 0) {
        const QByteArrayView last = bytes.last(rest);
        const Found found = knownAt(last);
        if (found.length > 0)
            out += found.fingerprint;
        else
            out += last.front();
        rest -= std::max<qsizetype>(1, found.length);
    }
    return out;
}

QByteArray Redactor::withoutKnown(QByteArrayView bytes, qsizetype *rest) const
{
    QByteArray out;
    out.reserve(bytes.size());
    qsizetype copied = 0;
    qsizetype i = 0;
    while (i < bytes.size()) {
        if (!mayBeginKnown(bytes.at(i))) {
            ++i;
            continue;
        }
        const Found found = knownAt(bytes.sliced(i));
        if (found.unclear)
            break;
        if (found.length == 0) {
            ++i;
            continue;
        }
        out.append(bytes.data() + copied, i - copied).append(found.fingerprint);
        i += found.length;
        copied = i;
    }
    out.append(bytes.data() + copied, i - copied);
    *rest = bytes.size() - i;
    return out;
}

QByteArray Redactor::jsonWithoutKnown(const QByteArray &json) const
{
    // Most texts have none.
    if (const QByteArray all = withoutKnown(json); all == json)
        return json;
    QByteArray out;
    out.reserve(json.size());
    qsizetype i = 0;
    while (i < json.size()) {
        const qsizetype quote = json.indexOf('"', i);
        const qsizetype begin = quote < 0 ? json.size() : quote + 1;
        const QByteArrayView outside = QByteArrayView(json).sliced(i, begin - i);
        // A number may look like a secret of digits.
        const bool plain = std::all_of(outside.begin(), outside.end(), [](char c) {
            return outsideStrings.find(c) != std::string_view::npos;
        });
        out += plain ? outside.toByteArray() : withoutKnown(outside);
        qsizetype end = begin;
        while (end < json.size() && json.at(end) != '"')
            end += json.at(end) == '\\' ? 2 : 1;
        end = std::min(end, json.size());
        out += withoutKnown(QByteArrayView(json).sliced(begin, end - begin));
        i = end;
        if (i < json.size())
            out += json.at(i++);
    }
    return out;
}

Redactor::Found Redactor::knownAt(QByteArrayView bytes) const
{
    Found found;
    const auto take = [&found](const Pattern &known, qsizetype length) {
        found.unclear = found.unclear || length < 0;
        if (length > found.length) {
            found.length = length;
            found.fingerprint = known.fingerprint;
        }
    };
    for (const Pattern &pattern : m_patterns[size_t(static_cast<unsigned char>(bytes.front()))]) {
        if (bytes.startsWith(pattern.bytes))
            take(pattern, pattern.bytes.size());
        else if (pattern.bytes.startsWith(bytes))
            take(pattern, -1);
    }
    for (const Pattern &known : m_known)
        take(known, spelled(known.bytes, bytes));
    return found;
}

void Redactor::addKnownSecret(QByteArrayView secret)
{
    const QByteArray bare = secret.sliced(schemeLength(secret)).toByteArray();
    if (bare.size() < shortestKnown || isWord(bare) || fingerprintLength(bare) > 0
        || hasKnownSecret(bare))
        return;
    lookFor(bare, fingerprint(bare));
}

void Redactor::addKnownSecretBehind(const QByteArray &before, const QByteArray &secret)
{
    addKnownSecret(secret);
    if (secret.isEmpty() || fingerprintLength(secret) > 0 || hasKnownSecret(secret)
        || hasKnownSecret(before + secret))
        return;
    lookFor(before + secret, before + fingerprint(secret));
}

/// From now on, in each of its spellings.
void Redactor::lookFor(const QByteArray &bare, const QByteArray &mark)
{
    m_known.append({bare, mark});
    QByteArray form = bare.toPercentEncoding();
    // Some write the digits of an escape small: %2b.
    QByteArray small = form;
    for (qsizetype at = small.indexOf('%'); at >= 0; at = small.indexOf('%', at + 3))
        small.replace(at, 3, small.mid(at, 3).toLower());
    const QByteArray escaped = escapedForJson(bare, false);
    QByteArrayList spellings = {
        bare, form, small, escaped, escapedForJson(escaped, false), escapedForJson(bare, true)};
    spellings += form.replace("%20", "+");
    spellings += small.replace("%20", "+");
    for (const QByteArray &bytes : spellings) {
        if (bytes.isEmpty())
            continue;
        QList<Pattern> &list = m_patterns[size_t(static_cast<unsigned char>(bytes.front()))];
        const auto same = [&](const Pattern &p) { return p.bytes == bytes; };
        if (std::any_of(list.cbegin(), list.cend(), same))
            continue;
        const auto shorter = [&](const Pattern &p) { return p.bytes.size() < bytes.size(); };
        list.insert(std::find_if(list.cbegin(), list.cend(), shorter), {bytes, mark});
    }
}

void Redactor::addKnownSecretsOf(const Header &header)
{
    if (!isSecret(header))
        return;
    if (isNamed(header, "Cookie")) {
        forEachCookie(header.value, [&](const QByteArray &, const QByteArray &cookie) {
            // Short ones ("1", "true", "dark") would be found everywhere.
            if (cookie.size() >= 8)
                addKnownSecret(cookie);
        });
        return;
    }
    if (isNamed(header, "Set-Cookie")) {
        for (const QByteArray &line : header.value.split('\n')) {
            const QByteArray pair = line.split(';').constFirst();
            addKnownSecretsOf({"Cookie", pair, header.source, false});
        }
        return;
    }
    addKnownSecret(header.value);
    if (header.value.left(6).compare("basic ", Qt::CaseInsensitive) == 0) {
        const QByteArray decoded = QByteArray::fromBase64(header.value.mid(6).trimmed());
        addKnownSecret(decoded.mid(decoded.indexOf(':') + 1));
    }
}

bool Redactor::hasKnownSecret(QByteArrayView secret) const
{
    const QByteArrayView bare = secret.sliced(schemeLength(secret));
    return std::any_of(m_known.cbegin(), m_known.cend(),
                       [bare](const Pattern &known) { return known.bytes == bare; });
}

} // namespace sightglass

// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/auth_grants.h"

#include "core/lab/auth_secrets.h"

namespace sightglass {

namespace {

constexpr qsizetype mostKept = 10'000;

template <typename Value>
void keep(QHash<QByteArray, Value> &kept, QList<QByteArray> &order, const QByteArray &secret,
          const Value &value)
{
    if (order.size() >= mostKept)
        kept.remove(order.takeFirst());
    const QByteArray name = labDigest(secret);
    kept.insert(name, value);
    order.append(name);
}

} // namespace

QByteArray LabGrants::addCode(const LabGrant &grant, qint64 expires)
{
    const QByteArray code = labRandomText();
    keep(m_codes, m_codeOrder, code, KeptCode{{grant, newFamily()}, expires, false});
    return code;
}

std::optional<LabGrants::Code> LabGrants::useCode(const QByteArray &code, qint64 now)
{
    const auto found = m_codes.find(labDigest(code));
    if (found == m_codes.end())
        return std::nullopt;
    if (found->used) {
        revokeFamily(found->code.family);
        return std::nullopt;
    }
    found->used = true;
    if (now >= found->expires)
        return std::nullopt;
    return found->code;
}

void LabGrants::addToken(const QByteArray &value, const LabToken &token)
{
    keep(m_tokens, m_tokenOrder, value, token);
}

const LabToken *LabGrants::token(const QByteArray &value) const
{
    const auto found = m_tokens.constFind(labDigest(value));
    return found == m_tokens.cend() ? nullptr : &*found;
}

void LabGrants::revokeToken(const QByteArray &value)
{
    const auto found = m_tokens.find(labDigest(value));
    if (found != m_tokens.end())
        found->revoked = true;
}

QByteArray LabGrants::addRefresh(const LabGrant &grant, int family)
{
    const QByteArray value = labRandomText();
    keep(m_refreshes, m_refreshOrder, value, Refresh{grant, family, false});
    return value;
}

const LabGrants::Refresh *LabGrants::refresh(const QByteArray &value) const
{
    const auto found = m_refreshes.constFind(labDigest(value));
    return found == m_refreshes.cend() ? nullptr : &*found;
}

QByteArray LabGrants::rotate(const QByteArray &value)
{
    const auto found = m_refreshes.find(labDigest(value));
    if (found == m_refreshes.end())
        return {};
    found->used = true;
    const Refresh old = *found;
    return addRefresh(old.grant, old.family);
}

void LabGrants::revokeFamily(int family)
{
    for (LabToken &token : m_tokens)
        token.revoked = token.revoked || token.family == family;
    m_refreshes.removeIf([family](const auto &entry) { return entry.value().family == family; });
}

} // namespace sightglass

// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/row_keys.h"

#include "core/trace/rpc_outcome.h"
#include "ui/models/exchange_model.h"

#include <algorithm>
#include <limits>

namespace sightglass {

namespace {

/// Exchanges whose credentials are worked out between two looks at whether to stop.
constexpr qint64 kCredentialsBetweenLooks = 256;

/// The status first; those of one status by what is wrong with them beneath it.
qint64 statusKey(const TraceReader &trace, ExchangeId id)
{
    const ExchangeSummary summary = trace.summary(id);
    const RpcOutcome outcome = rpcOutcome(trace, id);
    qint64 wrong = summary.failed ? 1 : 0;
    if (outcome.isError())
        wrong = outcome.kind == RpcOutcome::Kind::Error ? 2 : 3;
    constexpr qint64 Half = qint64(1) << 31;
    const qint64 code = std::clamp<qint64>(outcome.code.value_or(0), -Half, Half - 1) + Half;
    return qint64(std::max(0, summary.status)) << 36 | wrong << 33 | code;
}

/// What has not ended yet has lasted longest.
qint64 durationKey(const ExchangeSummary &summary)
{
    if (!summary.finished)
        return std::numeric_limits<qint64>::max();
    return summary.times.ended < 0 ? -1 : summary.times.ended - summary.times.begun;
}

} // namespace

RowKeys::RowKeys(int column, const std::optional<Redactor> &redactor)
    : m_column(column)
    , m_isText(column == ExchangeModel::Method || column == ExchangeModel::What
               || column == ExchangeModel::Credentials)
{
    if (column == ExchangeModel::Credentials && redactor)
        m_credentials.emplace(*redactor);
}

bool RowKeys::prepare(const TraceReader &trace, const std::atomic<bool> &stop)
{
    if (!m_credentials)
        return true;
    do {
        if (stop)
            return false;
        m_credentials->update(trace, kCredentialsBetweenLooks);
    } while (m_credentials->isBehind(trace));
    return true;
}

qint64 RowKeys::keyOf(const TraceReader &trace, ExchangeId id)
{
    if (m_isText)
        return numberOf(textOf(trace, id));
    switch (m_column) {
    case ExchangeModel::Status:
        return statusKey(trace, id);
    case ExchangeModel::Events:
        return trace.summary(id).events;
    case ExchangeModel::Size:
        return trace.summary(id).responseBytes;
    case ExchangeModel::Duration:
        return durationKey(trace.summary(id));
    case ExchangeModel::Time:
    case ExchangeModel::Waterfall:
        return trace.summary(id).times.begun;
    default:
        return id;
    }
}

QString RowKeys::textOf(const TraceReader &trace, ExchangeId id) const
{
    if (m_column == ExchangeModel::Credentials) {
        if (!m_credentials)
            return {};
        // The states stand in the order of how bad they are.
        const CredentialGlance glance = m_credentials->glance(id);
        return QChar(u'0' + char16_t(glance.state)) + QString::fromLatin1(glance.text);
    }
    const RequestRecord &request = trace.request(id);
    if (m_column == ExchangeModel::Method)
        return QString::fromLatin1(request.method + ' ' + exchangeKindName(request.kind));
    return request.what.isEmpty() ? QString::fromUtf8(request.target) : request.what;
}

qint64 RowKeys::numberOf(const QString &text)
{
    const auto known = m_numbers.constFind(text);
    if (known != m_numbers.constEnd())
        return *known;
    const auto number = qint32(m_texts.size());
    m_numbers.insert(text, number);
    m_texts.push_back(text);
    return number;
}

bool RowKeys::rank(const std::atomic<bool> &stop)
{
    if (m_ranks.size() == m_texts.size())
        return true;
    std::vector<qint32> sorted(m_texts.size());
    for (size_t i = 0; i < sorted.size(); ++i)
        sorted[i] = qint32(i);
    const auto less = [this](qint32 a, qint32 b) {
        const int order = m_texts[size_t(a)].compare(m_texts[size_t(b)], Qt::CaseInsensitive);
        return order != 0 ? order < 0 : m_texts[size_t(a)] < m_texts[size_t(b)];
    };
    if (!sortUnlessStopped(sorted, less, stop))
        return false;
    m_ranks.resize(sorted.size());
    for (size_t i = 0; i < sorted.size(); ++i)
        m_ranks[size_t(sorted[i])] = qint32(i);
    return true;
}

} // namespace sightglass

// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/records.h"

#include <array>

namespace sightglass {

namespace {

constexpr std::array<QByteArrayView, 11> kindNames = {
    "post",  "stream", "reconnect", "delete", "discovery", "registration",
    "token", "other",  "process",   "stderr", "stdin"};
constexpr std::array<QByteArrayView, 6> sourceNames = {"protocol", "session", "credential",
                                                       "user",     "library", "server"};
constexpr std::array<QByteArrayView, 7> frameNames = {
    "event", "comment", "retry", "ignored", "incomplete", "line", "no-message"};
constexpr std::array<QByteArrayView, 7> failureNames = {
    "usage", "unreachable", "refused", "protocol", "timed-out", "cancelled", "file"};

template <typename E, size_t N>
QByteArray nameOf(const std::array<QByteArrayView, N> &names, E value)
{
    const auto index = size_t(value);
    return index < N ? names[index].toByteArray() : QByteArray();
}

template <typename E, size_t N>
std::optional<E> valueOf(const std::array<QByteArrayView, N> &names, QByteArrayView name)
{
    for (size_t i = 0; i < N; ++i) {
        if (names[i] == name)
            return E(i);
    }
    return {};
}

} // namespace

QByteArray exchangeKindName(ExchangeKind kind)
{
    return nameOf(kindNames, kind);
}

std::optional<ExchangeKind> exchangeKindFromName(QByteArrayView name)
{
    return valueOf<ExchangeKind>(kindNames, name);
}

QByteArray headerSourceName(HeaderSource source)
{
    return nameOf(sourceNames, source);
}

std::optional<HeaderSource> headerSourceFromName(QByteArrayView name)
{
    return valueOf<HeaderSource>(sourceNames, name);
}

QByteArray frameKindName(FrameKind kind)
{
    return nameOf(frameNames, kind);
}

std::optional<FrameKind> frameKindFromName(QByteArrayView name)
{
    return valueOf<FrameKind>(frameNames, name);
}

QByteArray failureKindName(FailureKind kind)
{
    return nameOf(failureNames, kind);
}

std::optional<FailureKind> failureKindFromName(QByteArrayView name)
{
    return valueOf<FailureKind>(failureNames, name);
}

bool isStreamNotOffered(ExchangeKind kind, int status)
{
    return status == 405 && (kind == ExchangeKind::Stream || kind == ExchangeKind::Reconnect);
}

bool isNoFault(const ExchangeSummary &summary)
{
    return summary.left || isStreamNotOffered(summary.kind, summary.status);
}

} // namespace sightglass

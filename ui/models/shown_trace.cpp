// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/shown_trace.h"

#include "core/diagnose/refusal.h"

#include <algorithm>

namespace sightglass {

namespace {
constexpr qint64 kMargin = 8192; ///< longer than tokens are
}

QByteArray ShownTrace::headerValue(const Header &header) const
{
    return redacts() ? redactor->headerValue(header) : header.value;
}

std::optional<Failure> ShownTrace::failure(ExchangeId id) const
{
    const std::optional<Failure> recorded = trace && id > 0 ? trace->failure(id) : std::nullopt;
    if (!recorded)
        return {};
    Failure told = explained(*trace, *recorded);
    if (redacts()) {
        told.sentence = redactor->text(told.sentence);
        told.advice = redactor->text(told.advice);
    }
    return told;
}

QUrl ShownTrace::url(const QUrl &url) const
{
    return redacts() ? redactor->url(url) : url;
}

QByteArray ShownTrace::requestBody(ExchangeId id) const
{
    if (!trace)
        return {};
    const QByteArray body = trace->requestBody(id);
    return redacts() ? redactor->body(body) : body;
}

QByteArray ShownTrace::requestBody(ExchangeId id, qint64 start, qint64 length) const
{
    if (!trace)
        return {};
    const QByteArray body = trace->requestBody(id);
    if (!redacts())
        return body.mid(start, length);
    const qint64 before = std::min(start, kMargin);
    return redactor->body(body.mid(start - before, before + length + kMargin)).mid(before, length);
}

QByteArray ShownTrace::responseBody(ExchangeId id, qint64 start, qint64 length) const
{
    if (!trace)
        return {};
    if (!redacts())
        return trace->responseBody(id, start, length);
    const qint64 before =
        std::clamp<qint64>(start - trace->summary(id).letGo, 0, std::min(start, kMargin));
    const qint64 wanted = length < 0 ? -1 : before + length + kMargin;
    const QByteArray body = redactor->body(trace->responseBody(id, start - before, wanted));
    return body.mid(before, length);
}

} // namespace sightglass

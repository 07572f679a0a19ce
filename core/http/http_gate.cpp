// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/http_gate.h"

#include "core/http/http_gate_exchange.h"

namespace sightglass {

class HttpGate::Private {
public:
    std::shared_ptr<GateContext> context = std::make_shared<GateContext>();
};

HttpGate::HttpGate(TraceStore *trace, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    d->context->trace = trace;
    d->context->pool = new GatePool(this);
}

HttpGate::~HttpGate()
{
    // Before the pool that they run in.
    qDeleteAll(findChildren<GateExchange *>(Qt::FindDirectChildrenOnly));
    // Who deletes the gate from a signal of an exchange may stand in a signal of a reply, which
    // the library goes on with behind it.
    if (d->context->insideReply > 0) {
        d->context->pool->setParent(nullptr);
        d->context->pool->deleteLater();
    }
}

void HttpGate::setNetworkSettings(const NetworkSettings &settings)
{
    d->context->http1Only.clear();
    d->context->pool->setSettings(settings);
}

void HttpGate::setCredentials(CredentialSource *credentials)
{
    d->context->credentials = credentials;
}

void HttpGate::setMisbehaviour(std::shared_ptr<const Misbehaviour> misbehaviour)
{
    d->context->misbehaviour = std::move(misbehaviour);
}

HttpExchange *HttpGate::send(const HttpRequest &request)
{
    return new GateExchange(d->context, request, this);
}

void HttpGate::abortAll()
{
    const auto exchanges = findChildren<GateExchange *>(Qt::FindDirectChildrenOnly);
    for (GateExchange *exchange : exchanges)
        exchange->abort({});
}

void HttpGate::setPaused(bool paused)
{
    if (std::exchange(d->context->paused, paused) == paused || paused)
        return;
    const auto exchanges = findChildren<GateExchange *>(Qt::FindDirectChildrenOnly);
    for (GateExchange *exchange : exchanges)
        exchange->goOn();
}

TraceStore *HttpGate::trace() const
{
    return d->context->trace;
}

} // namespace sightglass

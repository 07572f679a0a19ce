// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/action.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

Action::Action(const Workplace &place)
    : m_place(place)
{
}

void Action::interrupt()
{
    finish(Interrupted);
}

void Action::finish(int code)
{
    if (std::exchange(m_ended, true))
        return;
    Q_EMIT finished(code);
}

void Action::fail(const Failure &failure)
{
    if (std::exchange(m_ended, true))
        return;
    Q_EMIT failed(failure);
}

void Action::failProtocol(const QString &code, const QString &sentence, ExchangeId exchange)
{
    fail(Failure{FailureKind::Protocol,
                 code,
                 sentence,
                 u"The fault is on the server's side; --json prints what it sent."_s,
                 exchange,
                 {}});
}

} // namespace sightglass::cli

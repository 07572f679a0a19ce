// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/person.h"

namespace sightglass::test {

Person::Person(Session *session)
{
    connect(session, &Session::serverRequested, this, [this, session](const ServerRequest &one) {
        asked.append(one);
        const auto reply = replies.constFind(one.method);
        if (reply != replies.constEnd())
            session->reply(one.number, *reply);
    });
    connect(session, &Session::notified, this,
            [this](const Notice &notice) { notices.append(notice); });
}

qsizetype Person::askedFor(const QByteArray &method) const
{
    return std::count_if(asked.cbegin(), asked.cend(),
                         [&method](const ServerRequest &one) { return one.method == method; });
}

bool Person::wasTold(const QByteArray &method, const QByteArray &part) const
{
    return std::any_of(notices.cbegin(), notices.cend(), [&](const Notice &notice) {
        return notice.method == method && notice.params.contains(part);
    });
}

ServerReply withResult(const QByteArray &result)
{
    return ServerReply{result, {}, {}};
}

} // namespace sightglass::test

// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/auth/acting.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

bool isStream(const RequestRecord &request)
{
    return request.kind == ExchangeKind::Stream || request.kind == ExchangeKind::Reconnect;
}

bool isAuthorization(const Header &line)
{
    return sameHeaderName(line.name, "Authorization");
}

bool isCookie(const Header &line)
{
    return sameHeaderName(line.name, "Cookie");
}

/// A header that the person gave, other than Authorization and Cookie.
bool isCustom(const Header &line)
{
    const bool given = line.source == HeaderSource::Credential || line.source == HeaderSource::User;
    return given && !isAuthorization(line) && !isCookie(line);
}

/// Takes headers off, and says so.
void leaveOff(RequestRecord &request, const QString &id, bool (*which)(const Header &))
{
    for (auto line = request.headers.begin(); line != request.headers.end();) {
        if (which(*line)) {
            request.withheld.append({line->name, u"acting like %1"_s.arg(id)});
            line = request.headers.erase(line);
        } else {
            ++line;
        }
    }
}

void doubleScheme(RequestRecord &request)
{
    for (Header &line : request.headers) {
        if (isAuthorization(line) && line.value.startsWith("Bearer "))
            line.value.prepend("Bearer ");
    }
}

void contentTypeOnGet(RequestRecord &request)
{
    // In front of the lines that HTTP itself needs, where a careless client has it.
    auto place = request.headers.begin();
    while (place != request.headers.end() && !sameHeaderName(place->name, "Accept"))
        ++place;
    if (place != request.headers.end())
        ++place;
    request.headers.insert(
        place, Header{"Content-Type", "application/json", HeaderSource::Protocol, false});
}

struct Fault {
    const char *id;
    const char *title;
    const char *description;
    bool (*concerns)(const RequestRecord &);
    bool (*leavesOff)(const Header &); ///< null: it changes instead
    void (*changes)(RequestRecord &);
};

constexpr Fault faults[] = {
    {"AF-01", "No Authorization on the event stream",
     "POSTs carry Authorization; the GET that opens the event stream, and its reconnects, do not.",
     isStream, isAuthorization, nullptr},
    {"AF-02", "No Authorization on reconnects",
     "The event stream is opened with Authorization; when it is opened again, it is forgotten.",
     [](const RequestRecord &request) { return request.kind == ExchangeKind::Reconnect; },
     isAuthorization, nullptr},
    {"AF-03", "No Authorization at the end of the session",
     "The DELETE that ends the session carries no Authorization.",
     [](const RequestRecord &request) { return request.kind == ExchangeKind::Delete; },
     isAuthorization, nullptr},
    {"AF-04", "No custom headers on the event stream",
     "Headers such as X-Api-Key are sent on POST, but not on the event stream.", isStream, isCustom,
     nullptr},
    {"AF-05", "No cookies on the event stream",
     "Cookies are sent on POST, but not on the event stream.", isStream, isCookie, nullptr},
    {"AF-06", "“Bearer” twice", "The token is sent as “Bearer Bearer …” on every request.",
     [](const RequestRecord &) { return true; }, nullptr, doubleScheme},
    {"AF-09", "Content-Type on the event stream",
     "The GET carries a Content-Type though it has no body.", isStream, nullptr, contentTypeOnGet},
};

class PlayedFault final : public Misbehaviour {
public:
    explicit PlayedFault(const Fault &fault)
        : m_fault(fault)
    {
    }
    QString id() const override { return QString::fromLatin1(m_fault.id); }
    void spoil(RequestRecord &request) const override
    {
        request.acting = id();
        if (!m_fault.concerns(request))
            return;
        if (m_fault.leavesOff)
            leaveOff(request, id(), m_fault.leavesOff);
        else
            m_fault.changes(request);
    }

private:
    const Fault &m_fault;
};

} // namespace

QList<ActingChoice> actingChoices()
{
    QList<ActingChoice> choices;
    for (const Fault &fault : faults)
        choices.append({QString::fromLatin1(fault.id), QString::fromUtf8(fault.title),
                        QString::fromUtf8(fault.description)});
    return choices;
}

std::shared_ptr<const Misbehaviour> misbehaviour(const QString &id)
{
    for (const Fault &fault : faults) {
        if (id == QLatin1StringView(fault.id))
            return std::make_shared<PlayedFault>(fault);
    }
    return nullptr;
}

} // namespace sightglass

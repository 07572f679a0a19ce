// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QStringList>

namespace sightglass {

class LabReply;

/// What a person is asked to consent to.
struct LabConsent {
    QByteArray ticket; ///< by which the form comes back
    QString client; ///< its name, or its id
    QString redirectHost; ///< where the answer goes
    QString resource;
    QStringList scopes;
};

// HTML without scripts, under a policy that forbids them; all that clients sent is escaped.
void labSendConsentPage(LabReply *reply, const LabConsent &consent);
/// What went wrong where it cannot be told to the client by redirect (RFC 6749, section 4.1.2.1).
void labSendErrorPage(LabReply *reply, const QString &sentence, int status = 400);
/// Any other page.
void labSendPage(LabReply *reply, int status, const QString &title, const QByteArray &body);

} // namespace sightglass

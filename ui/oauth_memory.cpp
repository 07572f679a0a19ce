// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/oauth_memory.h"

#include <QSettings>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// A choice that was stored as its number; `usual` where it is none.
template <typename T> T choiceOf(const QSettings *settings, const QString &key, T most, T usual)
{
    bool ok = false;
    const int value = settings->value(key).toInt(&ok);
    return ok && value >= 0 && value <= int(most) ? T(value) : usual;
}

void saveOptional(QSettings *settings, const QString &key, const std::optional<QString> &value)
{
    if (value)
        settings->setValue(key, *value);
}

std::optional<QString> optionalOf(const QSettings *settings, const QString &key)
{
    return settings->contains(key) ? std::optional(settings->value(key).toString()) : std::nullopt;
}

} // namespace

OAuthSettings usualOAuth()
{
    OAuthSettings settings;
    settings.mode = OAuthSettings::Mode::Interactive;
    return settings;
}

OAuthSettings rememberedOAuth(const OAuthSettings &settings)
{
    OAuthSettings result = settings;
    result.clientSecret.clear();
    result.clientKey = {};
    result.assertion.clear();
    result.idToken.clear();
    result.idpClientSecret.clear();
    result.allowPrivateAddresses = false;
    result.revision.clear();
    return result;
}

void saveOAuth(QSettings *settings, const OAuthSettings &oauth)
{
    const OAuthSettings kept = rememberedOAuth(oauth);
    if (kept == usualOAuth())
        return;
    settings->setValue(u"oauth"_s, kept.mode != OAuthSettings::Mode::Off);
    settings->setValue(u"oauthGrant"_s, int(kept.grant));
    settings->setValue(u"oauthClient"_s, kept.clientId);
    settings->setValue(u"oauthClientIssuer"_s, kept.clientIssuer);
    settings->setValue(u"oauthAuthentication"_s, int(kept.clientAuthentication));
    settings->setValue(u"oauthMetadata"_s, kept.clientMetadataUrl);
    saveOptional(settings, u"oauthScope"_s, kept.scope);
    saveOptional(settings, u"oauthResource"_s, kept.resource);
    settings->setValue(u"oauthRedirectHost"_s, kept.redirectHost);
    settings->setValue(u"oauthRedirectPort"_s, kept.redirectPort);
    settings->setValue(u"oauthOffline"_s, kept.offlineAccess);
    settings->setValue(u"oauthDpop"_s, int(kept.dpop));
    settings->setValue(u"oauthIdp"_s, kept.idpIssuer);
    settings->setValue(u"oauthIdpToken"_s, kept.idpTokenEndpoint);
    settings->setValue(u"oauthIdpClient"_s, kept.idpClientId);
}

OAuthSettings loadOAuth(const QSettings *settings)
{
    OAuthSettings result = usualOAuth();
    if (!settings->contains(u"oauth"_s))
        return result;
    if (!settings->value(u"oauth"_s).toBool())
        result.mode = OAuthSettings::Mode::Off;
    result.grant = choiceOf(settings, u"oauthGrant"_s, OAuthGrant::Enterprise, result.grant);
    result.clientId = settings->value(u"oauthClient"_s).toString();
    result.clientIssuer = settings->value(u"oauthClientIssuer"_s).toString();
    result.clientAuthentication =
        choiceOf(settings, u"oauthAuthentication"_s, ClientAuthentication::PrivateKeyJwt,
                 result.clientAuthentication);
    result.clientMetadataUrl = settings->value(u"oauthMetadata"_s).toString();
    result.scope = optionalOf(settings, u"oauthScope"_s);
    result.resource = optionalOf(settings, u"oauthResource"_s);
    const QString host = settings->value(u"oauthRedirectHost"_s).toString();
    // Nothing but this machine: whoever edits the file does not get the code.
    if (host == "localhost"_L1 || host == "[::1]"_L1)
        result.redirectHost = host;
    bool ok = false;
    const uint port = settings->value(u"oauthRedirectPort"_s).toUInt(&ok);
    if (ok && port <= 65535)
        result.redirectPort = quint16(port);
    result.offlineAccess = settings->value(u"oauthOffline"_s, true).toBool();
    result.dpop = choiceOf(settings, u"oauthDpop"_s, OAuthSettings::DPoP::Always, result.dpop);
    result.idpIssuer = settings->value(u"oauthIdp"_s).toString();
    result.idpTokenEndpoint = settings->value(u"oauthIdpToken"_s).toString();
    result.idpClientId = settings->value(u"oauthIdpClient"_s).toString();
    return result;
}

} // namespace sightglass

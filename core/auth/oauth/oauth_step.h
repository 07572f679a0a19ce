// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/failure.h"

#include <QList>
#include <QMetaType>
#include <QUrl>

#include <optional>

namespace sightglass {

/// The steps of authorising, in their order.
enum class OAuthStepKind : quint8 {
    Challenge, ///< what the refusal says
    ResourceMetadata, ///< which authorisation server issues tokens for this server
    ServerMetadata, ///< where that one has what, and what it can do
    Client, ///< as whom we come
    Authorization, ///< what is asked of the person
    Callback, ///< what the browser brought back
    Token, ///< the tokens
    Use, ///< the request that was refused, sent again with the token
    Refresh,
    StepUp, ///< more scopes than before
};
inline constexpr int OAuthStepCount = int(OAuthStepKind::StepUp) + 1;
QString oauthStepTitle(OAuthStepKind kind); ///< "Protected resource metadata"
QByteArray oauthStepName(OAuthStepKind kind); ///< "resource-metadata"; stable

/// A named value that went into a step or came out of it.
struct OAuthFact {
    QString name; ///< as the documents have it: "scope", "authorization_endpoint"
    QString value;
    bool secret = false; ///< shown as a fingerprint

    bool operator==(const OAuthFact &) const = default;
};

/// What was judged, and by which rule.
struct OAuthCheck {
    enum class Result : quint8 {
        Passed,
        Deviates, ///< not as it has to be, and the flow goes on all the same
        Failed,
    };
    Result result = Result::Passed;
    QString sentence;
    QString rule; ///< document and section: "RFC 9728, 3.3"
    QString finding = {}; ///< id of the catalogue where it did not pass; may be empty
    // The two strings that were compared, where it was that.
    QString leftName = {}; ///< "resource in the metadata"
    QString left = {};
    QString rightName = {};
    QString right = {};

    bool operator==(const OAuthCheck &) const = default;
};

/// A URL that was asked in a step, also in vain.
struct OAuthAttempt {
    ExchangeId exchange = 0;
    QUrl url;
    QString outcome; ///< a clause: "404", "a web page (text/html)", "found"

    bool operator==(const OAuthAttempt &) const = default;
};

/// One step: what it got, what it made of it, by which rules.
struct OAuthStep {
    enum class State : quint8 { Waiting, Running, Done, Skipped, Failed };
    OAuthStepKind kind = OAuthStepKind::Challenge;
    State state = State::Waiting;
    QString sentence; ///< what happened, or what is awaited
    QList<OAuthFact> input;
    QList<OAuthFact> output;
    QList<OAuthCheck> checks;
    QList<OAuthAttempt> attempts; ///< in order
    std::optional<Failure> failure;
    qint64 began = 0; ///< milliseconds since 1970; 0: not yet
    qint64 ended = 0; ///< likewise

    bool operator==(const OAuthStep &) const = default;
};

} // namespace sightglass

Q_DECLARE_METATYPE(sightglass::OAuthStep)

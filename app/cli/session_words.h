// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/trace/expected.h"

#include <QStringList>

namespace sightglass::cli {

// Lines of a session (repl) as words, and words that can be completed. Pure.

/// The words of a line, with the quoting rules of a shell and nothing else of it; a word that
/// begins with { or [ goes on to the end of that JSON value, as it is written. Nothing for an empty
/// line and for one that begins with #. Fails (kind Usage) on an open quote.
Expected<QStringList> sessionWords(const QString &line);
/// The word as it has to be typed to be read as one.
QString quotedWord(const QString &word);

/// What the server is known to have.
struct SessionNames {
    QStringList tools;
    QStringList resources; ///< URIs
    QStringList templates; ///< URI templates
    QStringList prompts;
};

/// What the word before the cursor may become.
struct Proposal {
    qsizetype from = 0; ///< where the word begins in the line
    QStringList words; ///< sorted, quoted where they need it
};
/// `before` is the line up to the cursor.
Proposal propose(const QString &before, const SessionNames &names);

/// The commands of a session that the command line does not have, each with what it does.
QList<std::pair<QString, QString>> sessionCommands();

} // namespace sightglass::cli

// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace sightglass::test {

/// A file of the repository.
struct SourceFile {
    QString path; ///< from the repository's root, with slashes
    QByteArray text;

    bool operator==(const SourceFile &) const = default;
};

/// A rule of CONTRIBUTING.md that can be read off the text.
struct HouseRule {
    const char *name;
    /// One line for each place that breaks it; empty where none does.
    QStringList (*breaches)(const QList<SourceFile> &files);
};

const QList<HouseRule> &houseRules();

/// C++ without its comments; without the contents of strings too, but for those of includes.
QByteArray codeOf(const QByteArray &text, bool withStrings);

} // namespace sightglass::test

// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jsonrpc/json_text.h"

#include <optional>

namespace sightglass {

// Skills that a server serves as resources: the extension io.modelcontextprotocol/skills
// (SEP-2640). Pure.

inline constexpr char SkillsExtension[] = "io.modelcontextprotocol/skills";
/// True where the server's capabilities (raw JSON) declare it.
bool offersSkills(const QByteArray &capabilities);

/// A file of a skill, as its entry announces it.
struct SkillFile {
    QString uri;
    QByteArray digest; ///< "sha256:" and 64 hexadecimal digits, or whatever the server wrote
    std::optional<qint64> size; ///< bytes

    bool operator==(const SkillFile &) const = default;
};

/// An entry of skills/list, or the one of skills/get. All text is untrusted.
struct Skill {
    QString uri; ///< of its SKILL.md
    QString name;
    QString description;
    QByteArray frontMatter; ///< raw JSON: a copy of what heads its SKILL.md
    bool isDynamic = false; ///< there are no digests to check against
    QList<SkillFile> files;
    QString problem; ///< why it must not be loaded ("it has no resources"); mostly empty

    const SkillFile *file(const QString &fileUri) const; ///< null: not listed
    bool operator==(const Skill &) const = default;
};

/// All that a result of skills/list or skills/get holds.
QList<Skill> readSkills(const QByteArray &result);

/// Why the result of a resources/read of `uri` is not what the skill's entry says it is, as the
/// rest of a sentence ("its digest is …"): size, digest and, of SKILL.md, front matter. Empty: it
/// is, or the skill says nothing of this file. ("Verification on Read", "Frontmatter
/// Verification".)
QString skillFileProblem(const Skill &skill, const QString &uri, const QByteArray &readResult);

} // namespace sightglass

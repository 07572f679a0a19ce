// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "core/mcp/skill.h"

#include "core/mcp/front_matter.h"

#include <QCryptographicHash>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// The bytes of a resource from the result of its reading.
std::optional<QByteArray> contentOf(const JsonText &json, const QString &uri)
{
    const JsonText::Node contents = json.member(json.root(), u"contents");
    if (!json.isArray(contents))
        return std::nullopt;
    JsonText::Node wanted = -1;
    for (const JsonText::Node one : json.children(contents)) {
        if (json.string(json.member(one, u"uri")) == uri)
            wanted = one;
    }
    if (wanted < 0 && json.childCount(contents) == 1)
        wanted = json.firstChild(contents);
    const JsonText::Node text = json.member(wanted, u"text");
    if (json.isString(text))
        return json.string(text).toUtf8();
    const JsonText::Node blob = json.member(wanted, u"blob");
    if (!json.isString(blob))
        return std::nullopt;
    const auto decoded = QByteArray::fromBase64Encoding(json.string(blob).toLatin1(),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return std::nullopt;
    return *decoded;
}

Skill readSkill(const JsonText &json, JsonText::Node entry)
{
    Skill skill;
    const JsonText::Node frontMatter = json.member(entry, u"frontmatter");
    const JsonText::Node resources = json.member(entry, u"resources");
    skill.uri = json.string(json.member(entry, u"uri"));
    skill.name = json.string(json.member(frontMatter, u"name"));
    skill.description = json.string(json.member(frontMatter, u"description"));
    skill.frontMatter = json.raw(frontMatter).toByteArray();
    skill.isDynamic = json.string(resources) == "dynamic"_L1;
    if (json.isArray(resources)) {
        for (const JsonText::Node file : json.children(resources)) {
            skill.files.append(SkillFile{json.string(json.member(file, u"uri")),
                                         json.string(json.member(file, u"digest")).toUtf8(),
                                         json.integer(json.member(file, u"size"))});
        }
    }
    if (skill.uri.isEmpty())
        skill.problem = u"it has no uri"_s;
    else if (!json.isObject(frontMatter))
        skill.problem = u"its frontmatter is no object"_s;
    else if (skill.name.isEmpty() || skill.description.isEmpty())
        skill.problem = u"its frontmatter has no name or no description"_s;
    else if (!skill.isDynamic && !json.isArray(resources))
        skill.problem = u"its resources are neither a list nor “dynamic”"_s;
    else if (!skill.isDynamic && !skill.file(skill.uri))
        skill.problem = u"its resources do not list its own SKILL.md"_s;
    return skill;
}

} // namespace

bool offersSkills(const QByteArray &capabilities)
{
    const JsonText json = JsonText::parse(capabilities);
    const JsonText::Node extensions = json.member(json.root(), u"extensions");
    return json.isObject(json.member(extensions, QString::fromLatin1(SkillsExtension)));
}

const SkillFile *Skill::file(const QString &fileUri) const
{
    for (const SkillFile &one : files) {
        if (one.uri == fileUri)
            return &one;
    }
    return nullptr;
}

QList<Skill> readSkills(const QByteArray &result)
{
    QList<Skill> skills;
    const JsonText json = JsonText::parse(result);
    const JsonText::Node list = json.member(json.root(), u"skills");
    if (json.isArray(list)) {
        for (const JsonText::Node entry : json.children(list))
            skills.append(readSkill(json, entry));
    }
    const JsonText::Node one = json.member(json.root(), u"skill");
    if (json.isObject(one))
        skills.append(readSkill(json, one));
    return skills;
}

QString skillFileProblem(const Skill &skill, const QString &uri, const QByteArray &readResult)
{
    const SkillFile *file = skill.file(uri);
    const bool isHead = uri == skill.uri;
    if (!file && !(isHead && skill.isDynamic))
        return {};
    const JsonText json = JsonText::parse(readResult);
    const std::optional<QByteArray> content = contentOf(json, uri);
    if (!content)
        return u"the result holds no readable content"_s;
    if (file) {
        if (!file->size)
            return u"its entry announces no size"_s;
        if (content->size() != *file->size) {
            return u"it has %1 bytes, and its entry announces %2"_s.arg(
                QString::number(content->size()), QString::number(*file->size));
        }
        const QByteArray digest =
            "sha256:" + QCryptographicHash::hash(*content, QCryptographicHash::Sha256).toHex();
        if (digest != file->digest) {
            return u"its digest is %1, and its entry announces “%2”"_s.arg(
                QString::fromLatin1(digest), QString::fromUtf8(file->digest.left(80)));
        }
    }
    return isHead ? frontMatterDifference(*content, skill.frontMatter) : QString();
}

} // namespace sightglass

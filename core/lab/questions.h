// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/lab/lab_call.h"

namespace sightglass {

// Questions that the lab asks.
/// A form with one field, "name".
LabQuestion labNameQuestion(const QString &key);
/// A form with every kind of field that the revision has.
LabQuestion labFormQuestion(const QString &key, const LabRevision &revision);
LabQuestion labUrlQuestion(const QString &key, const LabRevision &revision, const QString &id,
                           const QString &url);
LabQuestion labSamplingQuestion(const QString &key, const QString &text, qint64 mostTokens,
                                bool withTools);
/// The same once more, with the results of the tools that the model wanted to use; without a method
/// if it wanted none.
LabQuestion labToolResultQuestion(const QString &key, const QString &text, qint64 mostTokens,
                                  const LabHeard &heard);
LabQuestion labRootsQuestion(const QString &key);

/// What came back from a form, or from a URL.
class LabAnswerToForm {
public:
    explicit LabAnswerToForm(const LabHeard &heard);

    bool accepted() const { return m_problem.isEmpty(); }
    /// A sentence, where it was not accepted.
    const QString &problem() const { return m_problem; }
    QString text(QStringView field) const;
    /// All of it, one line a member.
    QString indented() const;

private:
    JsonText m_json;
    QString m_problem;
};

/// The text of a sampled message; a sentence on what came in its place.
QString labSampledText(const LabHeard &heard);

} // namespace sightglass

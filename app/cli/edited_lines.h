// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/line_source.h"

#include <functional>
#include <memory>

namespace sightglass::cli {

struct Proposal;

/// Lines that a person types in a terminal, with history, editing and
/// completion (libedit; ~/.editrc is heeded). What is typed is shown on standard
/// error. The history lives as long as the object: lines may hold secrets.
class EditedLines final : public LineSource {
    Q_OBJECT
public:
    /// What the text before the cursor may become.
    using Propose = std::function<Proposal(const QString &before)>;

    /// Null where the terminal cannot be used for it.
    static std::unique_ptr<LineSource> create(Propose propose);
    /// Leaves the terminal as it was.
    ~EditedLines() override;

    void ask(const QString &prompt) override;
    void rest() override;
    void discard() override;
    void stepAside(bool aside) override;

private:
    class Private;
    explicit EditedLines(Propose propose);
    std::unique_ptr<Private> d;
};

} // namespace sightglass::cli

// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/prompts_page.h"

#include "ui/pages/prompt_panel.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

OffersPageWords promptsWords()
{
    OffersPageWords words;
    words.title = PromptsPage::tr("Prompts");
    words.listing = PromptsPage::tr("Listing the prompts");
    words.choose = PromptsPage::tr("Choose a prompt at the left.");
    words.noneFits = PromptsPage::tr("No prompt fits the filter.");
    words.filterOne = PromptsPage::tr("Filter 1 prompt");
    words.filterMany = PromptsPage::tr("Filter %1 prompts");
    words.none = PromptsPage::tr("No prompts");
    words.notOffered = PromptsPage::tr("The server offers no prompts");
    words.capability = u"prompts"_s;
    words.failed = PromptsPage::tr("The prompts could not be listed");
    words.idle = PromptsPage::tr("The prompts of a server stand here once it is connected.");
    words.recorded = PromptsPage::tr(
        "What was asked for stands in Traffic. Connect to a server to get its prompts.");
    return words;
}

} // namespace

PromptsPage::PromptsPage(SessionController *session, CompletionAsker *completions,
                         QSettings *settings, QWidget *parent)
    : OffersPage(u"prompts"_s, promptsWords(), {ListKind::Prompts},
                 new PromptPanel(session, completions), session, settings, parent)
{
}

} // namespace sightglass

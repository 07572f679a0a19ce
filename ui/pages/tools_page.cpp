// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/tools_page.h"

#include "ui/pages/tool_panel.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

OffersPageWords toolsWords()
{
    OffersPageWords words;
    words.title = ToolsPage::tr("Tools");
    words.listing = ToolsPage::tr("Listing the tools");
    words.choose = ToolsPage::tr("Choose a tool at the left.");
    words.noneFits = ToolsPage::tr("No tool fits the filter.");
    words.filterOne = ToolsPage::tr("Filter 1 tool");
    words.filterMany = ToolsPage::tr("Filter %1 tools");
    words.none = ToolsPage::tr("No tools");
    words.notOffered = ToolsPage::tr("The server offers no tools");
    words.capability = u"tools"_s;
    words.failed = ToolsPage::tr("The tools could not be listed");
    words.idle = ToolsPage::tr("The tools of a server stand here once it is connected.");
    words.recorded =
        ToolsPage::tr("Its calls stand in Traffic. Connect to a server to call its tools.");
    return words;
}

} // namespace

ToolsPage::ToolsPage(SessionController *session, QSettings *settings, QWidget *parent)
    : OffersPage(u"tools"_s, toolsWords(), {ListKind::Tools}, new ToolPanel(session), session,
                 settings, parent)
{
}

bool ToolsPage::selectTool(const QString &name)
{
    return selectKey(offerKey(ListKind::Tools, name));
}

} // namespace sightglass

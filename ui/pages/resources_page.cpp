// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/resources_page.h"

#include "ui/models/offer_list_model.h"
#include "ui/pages/resource_panel.h"
#include "ui/session_controller.h"

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

OffersPageWords resourcesWords()
{
    OffersPageWords words;
    words.title = ResourcesPage::tr("Resources");
    words.listing = ResourcesPage::tr("Listing the resources");
    words.choose = ResourcesPage::tr("Choose a resource at the left.");
    words.noneFits = ResourcesPage::tr("No resource fits the filter.");
    words.filterOne = ResourcesPage::tr("Filter 1 resource or template");
    words.filterMany = ResourcesPage::tr("Filter %1 resources and templates");
    words.none = ResourcesPage::tr("No resources");
    words.notOffered = ResourcesPage::tr("The server offers no resources");
    words.capability = u"resources"_s;
    words.failed = ResourcesPage::tr("The resources could not be listed");
    words.idle = ResourcesPage::tr("The resources of a server stand here once it is connected.");
    words.recorded = ResourcesPage::tr(
        "What was read stands in Traffic. Connect to a server to read its resources.");
    return words;
}

} // namespace

ResourcesPage::ResourcesPage(SessionController *session, CompletionAsker *completions,
                             QSettings *settings, QWidget *parent)
    : OffersPage(u"resources"_s, resourcesWords(),
                 {ListKind::Resources, ListKind::ResourceTemplates},
                 new ResourcePanel(session, completions), session, settings, parent)
{
    connect(session, &SessionController::notified, this, [this](const Notice &notice) {
        if (notice.method != "notifications/resources/updated")
            return;
        const JsonText params = JsonText::parse(notice.params);
        model()->markUpdated(params.string(params.member(params.root(), u"uri")));
    });
}

} // namespace sightglass

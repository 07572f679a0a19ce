// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/elicitation_url.h"

#include "core/jsonrpc/json_text.h"
#include "ui/widgets/wanted_address_view.h"

#include <QVBoxLayout>

namespace sightglass {

using namespace Qt::StringLiterals;

ElicitationUrl::ElicitationUrl(const ServerRequest &request, QWidget *parent)
    : AnswerForm(parent)
{
    const JsonText params = JsonText::parse(request.params);
    parts()->addWidget(
        new WantedAddressView(params.string(params.member(params.root(), u"url")),
                              params.string(params.member(params.root(), u"message")), this));
    setMain(tr("Accept"))
        ->setToolTip(
            tr("Tells the server that you agreed. It is not told what happens in the browser."));
    addElicitationChoices();
}

void ElicitationUrl::answer()
{
    elicited("accept", tr("accepted"));
}

} // namespace sightglass

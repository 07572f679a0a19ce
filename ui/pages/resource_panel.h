// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/uri_template.h"
#include "ui/pages/offer_panel.h"

#include <QHash>

namespace sightglass {

class CompletionAsker;
class TextArguments;

/// One resource or template: where it is, the values of a template's variables, what is read
/// there, and notices that it was updated.
class ResourcePanel final : public OfferPanel {
    Q_OBJECT
public:
    /// Neither is owned.
    ResourcePanel(SessionController *session, CompletionAsker *completions,
                  QWidget *parent = nullptr);
    void reset() override;
    /// That Read reads: of a template with what was filled in.
    QString uri() const;

protected:
    void showOffer() override;
    bool canCall() const override;
    Asked ask() override;
    void bringBack(const QByteArray &arguments) override;
    void updateButtons() override;

private:
    struct Update {
        QString at;
        ExchangeId exchange = 0;
    };
    QWidget *buildUpdate();
    void showUri();
    void showUpdate();
    void noticed(const Notice &notice);

    TextArguments *m_variables;
    RoleLabel *m_uri;
    RoleLabel *m_annotations;
    RoleLabel *m_templateProblem;
    QPushButton *m_subscribe;
    QWidget *m_updateLine;
    RoleLabel *m_updateText;
    LinkButton *m_updateLink;
    LinkButton *m_again;

    UriTemplate m_template;
    QHash<QString, QByteArray> m_drafts; ///< values of variables, by Offer::key()
    QHash<QString, Update> m_updates; ///< the newest notice, by URI
};

} // namespace sightglass

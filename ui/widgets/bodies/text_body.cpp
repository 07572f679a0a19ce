// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/bodies/body_form.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/raw_text_view.h"

#include <QScrollBar>

namespace sightglass {

namespace {

/// Text is shown in parts of about this size: a line of any length is laid out as a whole.
constexpr qint64 kTextPart = 64 * 1024;

/// Text as it was received, part by part.
class TextBody final : public BodyForm {
public:
    explicit TextBody(QWidget *parent)
        : BodyForm(parent)
        , m_view(new RawTextView(parent))
        , m_previous(new LinkButton(RawTextView::tr("Previous part"), parent))
        , m_next(new LinkButton(RawTextView::tr("Next part"), parent))
    {
        connect(m_next, &LinkButton::clicked, this, [this] {
            m_parts.append(m_end);
            showPart();
        });
        connect(m_previous, &LinkButton::clicked, this, [this] {
            m_parts.removeLast();
            showPart();
        });
    }

    QByteArray id() const override { return "text"; }
    QString title() const override { return RawTextView::tr("Text"); }
    int place() const override { return 20; }
    QWidget *widget() override { return m_view; }
    QList<QWidget *> tools() override { return {m_previous, m_next}; }
    int fitness(const BodySource &body) const override
    {
        return body.kind == BodyKind::Binary || body.kind == BodyKind::Picture ? 5 : 50;
    }
    void show(const BodySource &body) override
    {
        m_body = body;
        m_parts = {0};
        showPart();
    }
    void clear() override
    {
        m_body = {};
        m_view->clear();
    }

private:
    void showPart()
    {
        const qint64 start = m_parts.constLast();
        QByteArray bytes = m_body.shown(start, kTextPart);
        // A part ends with a line, or at least with a character.
        if (start + bytes.size() < m_body.size) {
            qsizetype end = bytes.lastIndexOf('\n') + 1;
            if (end < bytes.size() / 2) {
                end = bytes.size();
                while (end > 1 && end > bytes.size() - 4 && (uchar(bytes[end - 1]) & 0xc0) == 0x80)
                    --end;
                if (end > 0 && uchar(bytes[end - 1]) >= 0xc0)
                    --end;
            }
            bytes.truncate(end > 0 ? end : bytes.size());
        }
        m_end = start + bytes.size();
        m_view->setBytes(bytes);
        m_view->verticalScrollBar()->setValue(0);
        m_previous->setVisible(start > 0);
        m_next->setVisible(m_end < m_body.size && !bytes.isEmpty());
        const QString where = RawTextView::tr("Bytes %L1 to %L2 of %L3 are shown")
                                  .arg(start)
                                  .arg(m_end)
                                  .arg(m_body.size);
        m_previous->setToolTip(where);
        m_next->setToolTip(where);
    }

    RawTextView *m_view;
    LinkButton *m_previous;
    LinkButton *m_next;
    BodySource m_body;
    QList<qint64> m_parts; ///< where the parts begin, as far as they were looked at
    qint64 m_end = 0; ///< of the one that is shown
};

} // namespace

BodyForm *text_body(QWidget *parent)
{
    return new TextBody(parent);
}

} // namespace sightglass

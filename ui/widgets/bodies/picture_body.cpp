// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/trace_text.h"
#include "ui/models/body_loader.h"
#include "ui/models/safe_picture.h"
#include "ui/visible_text.h"
#include "ui/widgets/bodies/body_form.h"

#include <QLabel>
#include <QPixmap>
#include <QScrollArea>

namespace sightglass {

namespace {

/// A picture, decoded aside.
class PictureBody final : public BodyForm {
public:
    explicit PictureBody(QWidget *parent)
        : BodyForm(parent)
        , m_area(new QScrollArea(parent))
        , m_label(new QLabel)
        , m_loader(new BodyLoader(this))
    {
        m_label->setAlignment(Qt::AlignCenter);
        m_label->setWordWrap(true);
        m_label->setTextFormat(Qt::PlainText);
        m_area->setFrameShape(QFrame::NoFrame);
        m_area->setWidget(m_label);
        m_area->setWidgetResizable(true);
        m_area->setAccessibleName(QLabel::tr("Image"));
    }

    QByteArray id() const override { return "picture"; }
    QString title() const override { return QLabel::tr("Image"); }
    int place() const override { return 40; }
    QWidget *widget() override { return m_area; }
    int fitness(const BodySource &body) const override
    {
        return body.kind == BodyKind::Picture ? 100 : 0;
    }
    void show(const BodySource &body) override
    {
        if (body.size > MostPictureBytes) {
            say(QLabel::tr("The picture is larger than 64 MB and is not decoded."));
            return;
        }
        say(QLabel::tr("Reading %1…").arg(humanSize(body.size)));
        m_loader->load(body.raw, body.size, {},
                       [this](const QByteArray &bytes) -> BodyLoader::Done {
                           const SafePicture picture = readPicture(bytes);
                           return [this, picture] { showPicture(picture); };
                       });
    }
    void clear() override
    {
        m_loader->cancel();
        m_label->clear();
    }

private:
    void say(const QString &text)
    {
        m_label->setPixmap({});
        m_label->setText(text);
        m_label->setAccessibleName(text);
    }
    void showPicture(const SafePicture &picture)
    {
        if (picture.image.isNull()) {
            say(visibleText(picture.problem));
            return;
        }
        m_label->setPixmap(QPixmap::fromImage(picture.image));
        m_label->setAccessibleName(QLabel::tr("Image, %1 by %2 pixels")
                                       .arg(picture.image.width())
                                       .arg(picture.image.height()));
    }

    QScrollArea *m_area;
    QLabel *m_label;
    BodyLoader *m_loader;
};

} // namespace

BodyForm *picture_body(QWidget *parent)
{
    return new PictureBody(parent);
}

} // namespace sightglass

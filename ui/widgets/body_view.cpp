// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/body_view.h"

#include "core/jsonrpc/json_text.h"
#include "core/trace/trace_text.h"
#include "ui/models/body_loader.h"
#include "ui/models/hex_model.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/raw_text_view.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/rows_view.h"

#include <QBuffer>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QImageReader>
#include <QLabel>
#include <QSaveFile>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace sightglass {

namespace {

/// Text is shown in parts of about this size: a line of any length is laid out as a whole.
constexpr qint64 kTextPart = 64 * 1024;
/// What is shorter is read at once.
constexpr qint64 kReadAtOnce = 256 * 1024;
/// JSON up to this size is opened as a tree unasked.
constexpr qint64 kTreeUnasked = 8 * 1024 * 1024;
/// A tree costs several times the text: above this only text and bytes are offered.
constexpr qint64 kTreeAtMost = 256 * 1024 * 1024;
constexpr qint64 kImageAtMost = 64 * 1024 * 1024;
constexpr qint64 kSaveSlice = 1024 * 1024;

bool looksLikeText(const QByteArray &bytes)
{
    if (bytes.contains('\0'))
        return false;
    qsizetype odd = 0;
    for (const char c : bytes) {
        if (uchar(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\x1b')
            ++odd;
    }
    return odd * 50 <= bytes.size();
}

} // namespace

struct BodyView::Private {
    BodyView *q = nullptr;
    QString title;
    Source source;
    Source raw;
    std::shared_ptr<const Redactor> redactor;
    BodyLoader *loader = nullptr;
    qint64 size = 0;
    QList<qint64> parts; ///< where the parts of the text begin, as far as they were looked at
    qint64 partEnd = 0; ///< of the one that is shown
    Form form = Form::Text;
    RoleLabel *caption = nullptr;
    LinkButton *tree = nullptr;
    LinkButton *text = nullptr;
    LinkButton *hex = nullptr;
    LinkButton *image = nullptr;
    LinkButton *previous = nullptr;
    LinkButton *next = nullptr;
    LinkButton *save = nullptr;
    QStackedWidget *stack = nullptr;
    RoleLabel *empty = nullptr;
    JsonView *json = nullptr;
    RawTextView *rawText = nullptr;
    RowsView *hexRows = nullptr;
    HexModel *hexModel = nullptr;
    QScrollArea *imageArea = nullptr;
    QLabel *imageLabel = nullptr;

    void showText();
    void showTree();
    void showImage();
    void showPicture(const QImage &picture, const QString &problem);
    void saveAs();
};

BodyView::BodyView(const QString &title, QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    d->q = this;
    d->title = title;
    d->caption = new RoleLabel(Role::Muted, this);
    d->caption->setElide(Qt::ElideRight);
    d->tree = new LinkButton(tr("Tree"), this);
    d->text = new LinkButton(tr("Text"), this);
    d->hex = new LinkButton(tr("Bytes"), this);
    d->image = new LinkButton(tr("Image"), this);
    d->previous = new LinkButton(tr("Previous part"), this);
    d->next = new LinkButton(tr("Next part"), this);
    d->loader = new BodyLoader(this);
    d->save = new LinkButton(tr("Save…"), this);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(12, 6, 12, 2);
    bar->setSpacing(12);
    bar->addWidget(d->caption, 1);
    for (LinkButton *button : {d->previous, d->next, d->tree, d->text, d->hex, d->image, d->save})
        bar->addWidget(button);

    d->stack = new QStackedWidget(this);
    d->empty = new RoleLabel(Role::Muted, this);
    d->empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    d->empty->setContentsMargins(12, 4, 12, 4);
    d->json = new JsonView(this);
    d->rawText = new RawTextView(this);
    d->rawText->setAccessibleName(title);
    d->hexModel = new HexModel(this);
    d->hexRows = new RowsView(this);
    d->hexRows->setHeaderVisible(false);
    d->hexRows->setFont(wireFont());
    d->hexRows->setRowHeight(std::max(18, d->hexRows->fontMetrics().height() + 2));
    d->hexRows->setModel(d->hexModel);
    d->hexRows->setColumns(
        {{QStringLiteral("00000000"), 0, 0}, {QString(49, u'0'), 0, 0}, {QString(16, u'M'), 1, 0}});
    d->hexRows->setAccessibleName(tr("Bytes"));
    d->imageLabel = new QLabel(this);
    d->imageLabel->setAlignment(Qt::AlignCenter);
    d->imageArea = new QScrollArea(this);
    d->imageArea->setFrameShape(QFrame::NoFrame);
    d->imageArea->setWidget(d->imageLabel);
    d->imageArea->setWidgetResizable(true);
    for (QWidget *page :
         std::initializer_list<QWidget *>{d->empty, d->json, d->rawText, d->hexRows, d->imageArea})
        d->stack->addWidget(page);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(d->stack, 1);

    connect(d->tree, &LinkButton::clicked, this, [this] { setForm(Form::Tree); });
    connect(d->text, &LinkButton::clicked, this, [this] { setForm(Form::Text); });
    connect(d->hex, &LinkButton::clicked, this, [this] { setForm(Form::Hex); });
    connect(d->image, &LinkButton::clicked, this, [this] { setForm(Form::Image); });
    connect(d->next, &LinkButton::clicked, this, [this] {
        d->parts.append(d->partEnd);
        d->showText();
    });
    connect(d->previous, &LinkButton::clicked, this, [this] {
        d->parts.removeLast();
        d->showText();
    });
    connect(d->loader, &BodyLoader::progressed, this, [this](qint64 copied, qint64 size) {
        const QString words = tr("Reading %1 of %2…").arg(humanSize(copied), humanSize(size));
        if (d->form == Form::Tree)
            d->json->showWaiting(words);
        else
            d->empty->setText(words);
    });
    connect(d->save, &LinkButton::clicked, this, [this] { d->saveAs(); });
    connect(d->json, &JsonView::statusMessage, this, &BodyView::statusMessage);
    clear({});
}

BodyView::~BodyView() = default;

void BodyView::cancelSaves()
{
    for (QSaveFile *file : findChildren<QSaveFile *>())
        delete file; // what was not committed never appears
}

BodyView::Form BodyView::form() const
{
    return d->form;
}
qint64 BodyView::size() const
{
    return d->size;
}

void BodyView::clear(const QString &why)
{
    d->loader->cancel();
    d->source = {};
    d->raw = {};
    d->redactor.reset();
    d->size = 0;
    d->caption->setWholeText(d->title);
    d->empty->setText(why);
    d->stack->setCurrentWidget(d->empty);
    d->json->clear();
    d->rawText->clear();
    d->hexModel->setSource({}, 0);
    d->imageLabel->clear();
    for (LinkButton *button : {d->previous, d->next, d->tree, d->text, d->hex, d->image, d->save})
        button->hide();
}

void BodyView::setBody(Source source, qint64 size, const QByteArray &contentType, Source raw,
                       std::shared_ptr<const Redactor> redactor)
{
    d->loader->cancel();
    if (size <= 0) {
        clear(tr("No body"));
        return;
    }
    d->source = std::move(source);
    d->raw = std::move(raw);
    d->redactor = std::move(redactor);
    d->size = size;
    d->parts = {0};
    QString caption = tr("%1, %2").arg(d->title, humanSize(size));
    if (!contentType.isEmpty())
        caption += QStringLiteral(", ") + visibleText(QString::fromLatin1(contentType));
    d->caption->setWholeText(caption);

    const QByteArray head = d->source(0, 1024);
    const QByteArray trimmed = head.trimmed();
    const bool json =
        contentType.contains("json") || trimmed.startsWith('{') || trimmed.startsWith('[');
    const bool image = contentType.startsWith("image/") && size <= kImageAtMost;
    d->tree->setVisible(json && size <= kTreeAtMost);
    d->image->setVisible(image);
    d->text->show();
    d->hex->show();
    d->save->show();
    if (image)
        setForm(Form::Image);
    else if (json && size <= kTreeUnasked)
        setForm(Form::Tree);
    else if (looksLikeText(head))
        setForm(Form::Text);
    else
        setForm(Form::Hex);
}

void BodyView::setForm(Form form)
{
    if (!d->source)
        return;
    d->form = form;
    d->loader->cancel();
    d->previous->hide();
    d->next->hide();
    d->tree->setEnabled(form != Form::Tree);
    d->text->setEnabled(form != Form::Text);
    d->hex->setEnabled(form != Form::Hex);
    d->image->setEnabled(form != Form::Image);
    switch (form) {
    case Form::Tree:
        d->showTree();
        break;
    case Form::Text:
        d->showText();
        break;
    case Form::Hex:
        d->hexModel->setSource(d->source, d->size);
        d->stack->setCurrentWidget(d->hexRows);
        break;
    case Form::Image:
        d->showImage();
        break;
    }
}

void BodyView::Private::showTree()
{
    stack->setCurrentWidget(json);
    if (size <= kReadAtOnce) {
        json->setJson(source(0, size));
        return;
    }
    json->showWaiting(BodyView::tr("Reading %1…").arg(humanSize(size)));
    loader->load(raw, size, redactor, [view = json](const QByteArray &bytes) -> BodyLoader::Done {
        const JsonText parsed = JsonText::parse(bytes);
        return [view, parsed] { view->setJson(parsed); };
    });
}

void BodyView::Private::showText()
{
    const qint64 start = parts.constLast();
    QByteArray bytes = source(start, kTextPart);
    // A part ends with a line, or at least with a character.
    if (start + bytes.size() < size) {
        qsizetype end = bytes.lastIndexOf('\n') + 1;
        if (end < bytes.size() / 2) {
            end = bytes.size();
            while (end > bytes.size() - 4 && (uchar(bytes[end - 1]) & 0xc0) == 0x80)
                --end;
            if (uchar(bytes[end - 1]) >= 0xc0)
                --end;
        }
        bytes.truncate(end > 0 ? end : bytes.size());
    }
    partEnd = start + bytes.size();
    rawText->setBytes(bytes);
    rawText->verticalScrollBar()->setValue(0);
    previous->setVisible(start > 0);
    next->setVisible(partEnd < size && !bytes.isEmpty());
    const QString where =
        BodyView::tr("Bytes %L1 to %L2 of %L3 are shown").arg(start).arg(partEnd).arg(size);
    previous->setToolTip(where);
    next->setToolTip(where);
    stack->setCurrentWidget(rawText);
}

void BodyView::Private::showImage()
{
    empty->setText(BodyView::tr("Reading %1…").arg(humanSize(size)));
    stack->setCurrentWidget(empty);
    loader->load(raw, size, {}, [this](const QByteArray &bytes) -> BodyLoader::Done {
        QBuffer buffer;
        buffer.setData(bytes);
        QImageReader reader(&buffer);
        const QImage picture = reader.read();
        return [this, picture, problem = reader.errorString()] { showPicture(picture, problem); };
    });
}

void BodyView::Private::showPicture(const QImage &picture, const QString &problem)
{
    if (picture.isNull()) {
        imageLabel->setText(BodyView::tr("This is no picture that can be shown: %1").arg(problem));
        imageLabel->setAccessibleName(imageLabel->text());
    } else {
        imageLabel->setPixmap(QPixmap::fromImage(picture));
        imageLabel->setAccessibleName(
            BodyView::tr("Image, %1 by %2 pixels").arg(picture.width()).arg(picture.height()));
    }
    stack->setCurrentWidget(imageArea);
}

void BodyView::Private::saveAs()
{
    const QString path =
        QFileDialog::getSaveFileName(q, BodyView::tr("Save body"), QStringLiteral("body"));
    if (path.isEmpty())
        return;
    auto *file = new QSaveFile(path, q);
    if (!file->open(QIODevice::WriteOnly)) {
        Q_EMIT q->statusMessage(
            BodyView::tr("%1 could not be written: %2").arg(path, file->errorString()));
        delete file;
        return;
    }
    // In slices between events of the GUI; the source stays what it is, it is append-only.
    auto *timer = new QTimer(file);
    QObject::connect(
        timer, &QTimer::timeout, q,
        [this, file, path, from = source, total = size, done = qint64(0)]() mutable {
            const QByteArray part = from(done, std::min(kSaveSlice, total - done));
            done += part.size();
            if (!part.isEmpty() && done < total && file->write(part) == part.size())
                return;
            const bool last = done >= total && file->write(part) == part.size();
            if (last && file->commit())
                Q_EMIT q->statusMessage(BodyView::tr("Saved %1 to %2").arg(humanSize(total), path));
            else
                Q_EMIT q->statusMessage(
                    BodyView::tr("%1 could not be written: %2").arg(path, file->errorString()));
            file->deleteLater();
        });
    timer->start(0);
}

} // namespace sightglass

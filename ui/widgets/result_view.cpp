// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/result_view.h"

#include "core/mcp/elicitation.h"
#include "core/trace/trace_text.h"
#include "ui/theme.h"
#include "ui/visible_text.h"
#include "ui/widgets/body_view.h"
#include "ui/widgets/json_view.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"
#include "ui/widgets/section_title.h"
#include "ui/widgets/text_block.h"
#include "ui/widgets/wanted_address_view.h"

#include <QBuffer>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QImageReader>
#include <QMimeDatabase>
#include <QSaveFile>
#include <QThread>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype readAside =
    128 * 1024; ///< bytes; larger results are read beside the GUI thread
constexpr qsizetype shownText = 20'000; ///< characters, before one asks for all
constexpr qsizetype wholeText = 2'000'000; ///< characters that a text view takes at once
constexpr qsizetype longLine = 100'000; ///< characters of one line, likewise
constexpr int tallest = 320; ///< px

qsizetype longestLine(const QString &text)
{
    qsizetype longest = 0;
    for (qsizetype from = 0; from <= text.size();) {
        qsizetype to = text.indexOf(u'\n', from);
        if (to < 0)
            to = text.size();
        longest = std::max(longest, to - from);
        from = to + 1;
    }
    return longest;
}

QByteArray shownJson(const QByteArray &json, const Redactor *redactor)
{
    return redactor ? redactor->jsonWithoutKnown(json) : json;
}

/// As it may be shown, and judged as it was sent.
ResultBlocks readShown(const QByteArray &result, ResultShape shape, const QByteArray &outputSchema,
                       const Redactor *redactor)
{
    const QByteArray shown = shownJson(result, redactor);
    if (shown == result)
        return readResult(result, shape, outputSchema);
    ResultBlocks blocks = readResult(shown, shape);
    blocks.faults = readResult(result, shape, outputSchema).faults;
    for (QString &fault : blocks.faults)
        fault = QString::fromUtf8(redactor->withoutKnown(fault.toUtf8()));
    return blocks;
}

/// Of a body in its form, with the line above it; more than is needed does no harm.
int contentsHeight(const QByteArray &bytes, const QByteArray &form)
{
    constexpr int head = 48;
    if (form == "picture") {
        QBuffer buffer;
        buffer.setData(bytes);
        const QSize size = QImageReader(&buffer).size(); // read off the file's head
        return size.isValid() ? std::min(size.height(), 10'000) + head : head;
    }
    if (bytes.size() > readAside)
        return 10'000;
    const qsizetype lines = form == "hex"
        ? bytes.size() / 16 + 2
        : bytes.count('\n') + bytes.count(',') + bytes.size() / 90 + 2;
    return int(lines) * (QFontMetrics(wireFont()).height() + 4) + head;
}

} // namespace

ResultView::ResultView(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    setAccessibleName(tr("Result"));
}

void ResultView::emptyLayout()
{
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

void ResultView::clear()
{
    ++m_reading;
    emptyLayout();
}

void ResultView::setResult(const CallResult &result, ResultShape shape,
                           const QByteArray &outputSchema, std::shared_ptr<const Redactor> redactor)
{
    clear();
    if (result.failure) {
        showFailure(result, redactor.get());
        return;
    }
    if (result.result.size() <= readAside) {
        showBlocks(readShown(result.result, shape, outputSchema, redactor.get()));
        return;
    }
    m_layout->addWidget(
        new RoleLabel(tr("Reading %1").arg(humanSize(result.result.size())), Role::Muted, this));
    auto blocks = std::make_shared<ResultBlocks>();
    auto *reader = QThread::create([blocks, bytes = result.result, shape, outputSchema, redactor] {
        *blocks = readShown(bytes, shape, outputSchema, redactor.get());
    });
    connect(reader, &QThread::finished, reader, &QObject::deleteLater);
    connect(reader, &QThread::finished, this, [this, blocks, number = m_reading] {
        if (number != m_reading)
            return;
        emptyLayout();
        showBlocks(*blocks);
    });
    reader->start();
}

void ResultView::setMessage(const QString &text)
{
    clear();
    auto *label = new RoleLabel(text, Role::Muted, this);
    label->setWordWrap(true);
    m_layout->addWidget(label);
}

void ResultView::showFailure(const CallResult &result, const Redactor *redactor)
{
    auto *sentence =
        new RoleLabel(visibleText(result.failure->sentence, true), Role::Failure, this);
    sentence->setWordWrap(true);
    sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_layout->addWidget(sentence);
    if (!result.failure->advice.isEmpty()) {
        auto *advice = new RoleLabel(visibleText(result.failure->advice, true), Role::Muted, this);
        advice->setWordWrap(true);
        m_layout->addWidget(advice);
    }
    for (const WantedAddress &address : wantedAddresses(result.error))
        m_layout->addWidget(new WantedAddressView(address.url, address.message, this));
    if (!result.error.isEmpty())
        addJson(shownJson(result.error, redactor));
    else if (!result.result.isEmpty())
        addJson(shownJson(result.result, redactor));
}

void ResultView::showBlocks(const ResultBlocks &all)
{
    if (!all.problem.isEmpty())
        addProblem(all.problem);
    if (!all.note.isEmpty())
        m_layout->addWidget(new RoleLabel(visibleText(all.note), Role::Muted, this));
    if (!all.text.isEmpty()) {
        auto *label = new RoleLabel(visibleText(all.text.left(shownText), true), Role::Muted, this);
        label->setWordWrap(true);
        m_layout->addWidget(label);
    }
    if (all.blocks.isEmpty())
        m_layout->addWidget(new RoleLabel(tr("The result is empty."), Role::Muted, this));
    const auto structured = [](const ResultBlock &block) {
        return block.kind == ResultBlock::Kind::Structured;
    };
    if (std::none_of(all.blocks.begin(), all.blocks.end(), structured))
        addFaults(all.faults);
    for (const ResultBlock &block : all.blocks) {
        addBlock(block);
        if (structured(block))
            addFaults(all.faults);
    }
    if (all.left > 0)
        addProblem(tr("Not shown: %1 more parts; the exchange has them all.").arg(all.left));
}

void ResultView::addBlock(const ResultBlock &block)
{
    if (block.kind == ResultBlock::Kind::Resource) {
        if (!block.heading.isEmpty())
            m_layout->addWidget(new SectionTitle(visibleText(block.heading), this));
        addContents(block);
        return;
    }
    if (!block.heading.isEmpty() || !block.title.isEmpty())
        addTitle(block);
    if (!block.problem.isEmpty())
        addProblem(block.problem);
    switch (block.kind) {
    case ResultBlock::Kind::Text:
        addText(block.text, false);
        break;
    case ResultBlock::Kind::Link:
        if (!block.text.isEmpty())
            addText(block.text, true);
        break;
    case ResultBlock::Kind::Resource:
        break; // above
    case ResultBlock::Kind::Image:
        if (!block.image.isNull())
            addImage(block.image);
        break;
    case ResultBlock::Kind::Audio:
        break;
    case ResultBlock::Kind::Structured:
    case ResultBlock::Kind::Raw:
        addJson(block.json);
        break;
    }
}

void ResultView::addProblem(const QString &text)
{
    auto *label = new RoleLabel(visibleText(text), Role::Attention, this);
    label->setWordWrap(true);
    m_layout->addWidget(label);
}

void ResultView::addFaults(const QStringList &faults)
{
    // A sign with the words, so that it is not told by colour alone.
    for (const QString &fault : faults)
        addProblem(u"! "_s + fault);
}

void ResultView::addText(const QString &text, bool wire)
{
    auto *view = new TextBlock(tallest, this);
    view->setAccessibleName(tr("Text of the result"));
    if (wire)
        view->setFont(wireFont());
    view->setUntrustedText(text.left(shownText));
    m_layout->addWidget(view);
    if (text.size() <= shownText)
        return;
    // A view takes long to lay out very long lines: those are for a file.
    const bool layable = text.size() <= wholeText && longestLine(text) <= longLine;
    auto *actions = new QWidget(this);
    auto *row = new QHBoxLayout(actions);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(
        new RoleLabel(tr("The first %1 of %2 characters.").arg(shownText).arg(text.size()),
                      Role::Muted, actions));
    if (layable) {
        auto *more = new LinkButton(tr("Show all"), actions);
        connect(more, &LinkButton::clicked, this, [actions, view, text] {
            view->setUntrustedText(text);
            actions->hide();
        });
        row->addWidget(more);
    }
    row->addWidget(saveLink([text] { return text.toUtf8(); }, QStringLiteral("text/plain")));
    row->addStretch(1);
    m_layout->addWidget(actions);
}

void ResultView::addContents(const ResultBlock &block)
{
    if (!block.problem.isEmpty() || block.bytes.isEmpty()) {
        auto *title = new RoleLabel(visibleText(block.title.left(300)), Role::Text, this);
        title->setWordWrap(true);
        m_layout->addWidget(title);
        addProblem(block.problem.isEmpty() ? tr("It is empty: 0 bytes.") : block.problem);
        return;
    }
    auto *view = new BodyView(visibleText(block.title.left(300)), this);
    view->setAccessibleName(tr("Contents of the resource"));
    const auto part = [bytes = block.bytes](qint64 start, qint64 length) {
        return bytes.mid(start, length);
    };
    view->setBody(part, block.bytes.size(), block.mimeType.left(200).toUtf8(), part, {});
    view->setFixedHeight(std::clamp(contentsHeight(block.bytes, view->form()), 80, tallest + 60));
    connect(view, &BodyView::statusMessage, this, &ResultView::statusMessage);
    m_layout->addWidget(view);
}

void ResultView::addJson(const QByteArray &json)
{
    auto *view = new JsonView(this);
    view->setPathVisible(false);
    view->setJson(json);
    // Small ones as high as they are, others with a scroll bar of their own.
    const qsizetype rows = json.size() < readAside ? JsonText::parse(json).nodeCount() : 1000;
    view->setFixedHeight(int(std::clamp<qsizetype>(rows * 20 + 16, 60, tallest + 60)));
    connect(view, &JsonView::statusMessage, this, &ResultView::statusMessage);
    m_layout->addWidget(view);
}

void ResultView::addImage(const QImage &image)
{
    auto *label = new QLabel(this);
    const QSize size =
        image.size().boundedTo(image.size().scaled(560, tallest, Qt::KeepAspectRatio));
    QImage shown =
        image.scaled(size * devicePixelRatioF(), Qt::KeepAspectRatio, Qt::SmoothTransformation);
    shown.setDevicePixelRatio(devicePixelRatioF());
    label->setPixmap(QPixmap::fromImage(shown));
    label->setAccessibleName(tr("Image of the result"));
    m_layout->addWidget(label, 0, Qt::AlignLeft);
}

void ResultView::addTitle(const ResultBlock &block)
{
    const QString what = visibleText(block.title.left(300));
    auto *title =
        new SectionTitle(block.heading.isEmpty() ? what : visibleText(block.heading), this);
    if (!block.heading.isEmpty())
        title->setNote(what);
    m_layout->addWidget(title);
    if (block.bytes.isEmpty())
        return;
    title->addAction(saveLink([bytes = block.bytes] { return bytes; }, block.mimeType));
}

LinkButton *ResultView::saveLink(const std::function<QByteArray()> &content,
                                 const QString &mimeType)
{
    auto *save = new LinkButton(tr("Save…"), this);
    connect(save, &LinkButton::clicked, this, [this, content, mimeType] {
        auto *dialog = new QFileDialog(this, tr("Save"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setDefaultSuffix(QMimeDatabase().mimeTypeForName(mimeType).preferredSuffix());
        connect(dialog, &QFileDialog::fileSelected, this, [this, content](const QString &path) {
            const QByteArray bytes = content();
            QSaveFile file(path);
            const bool saved = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size()
                && file.commit();
            Q_EMIT statusMessage(saved ? tr("Saved %1").arg(humanSize(bytes.size()))
                                       : tr("Not saved: %1").arg(file.errorString()));
        });
        dialog->open();
    });
    return save;
}

} // namespace sightglass

// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/body_view.h"

#include "core/trace/trace_text.h"
#include "ui/models/safe_picture.h"
#include "ui/visible_text.h"
#include "ui/widgets/bodies/body_form.h"
#include "ui/widgets/link_button.h"
#include "ui/widgets/role_label.h"

#include <QApplication>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QSaveFile>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace sightglass {

namespace {

constexpr qint64 kSaveSlice = 1024 * 1024;
/// So much is looked at to tell what it is.
constexpr qint64 kHead = 1024;

QString chosenKey(BodyKind kind)
{
    return QStringLiteral("body/form/") + QString::fromLatin1(bodyKindName(kind));
}

/// Where the bytes are something else than the header says.
QString oddity(const QByteArray &contentType, BodyKind kind, const QByteArray &head)
{
    const bool called = contentType.startsWith("image/");
    if (kind == BodyKind::Picture && !called && !contentType.isEmpty())
        return BodyView::tr("though it is a picture (%1)")
            .arg(QString::fromLatin1(pictureFormat(head).toUpper()));
    if (kind != BodyKind::Picture && called && !contentType.startsWith("image/svg"))
        return BodyView::tr("though it is no picture that can be shown");
    if (contentType.contains("json") && kind != BodyKind::Json)
        return BodyView::tr("though it is no JSON");
    return {};
}

} // namespace

struct BodyView::Private {
    BodyView *q = nullptr;
    QString title;
    BodySource body;
    QList<BodyForm *> forms;
    QList<LinkButton *> buttons; ///< one for each form
    BodyForm *form = nullptr; ///< that is shown; null: none
    RoleLabel *caption = nullptr;
    LinkButton *save = nullptr;
    QStackedWidget *stack = nullptr;
    RoleLabel *empty = nullptr;

    void show(BodyForm *next);
    void choose(BodyForm *next);
    void step(int by);
    BodyForm *bestForm(const BodyForm *but = nullptr) const;
    BodyForm *formNamed(const QByteArray &id) const;
    void hideTools();
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
    d->save = new LinkButton(tr("Save…"), this);
    d->stack = new QStackedWidget(this);
    d->empty = new RoleLabel(Role::Muted, this);
    d->empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    d->empty->setContentsMargins(12, 4, 12, 4);
    d->stack->addWidget(d->empty);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(12, 6, 12, 2);
    bar->setSpacing(12);
    bar->addWidget(d->caption, 1);

    d->forms = bodyForms(this);
    for (BodyForm *form : d->forms) {
        for (QWidget *tool : form->tools())
            bar->addWidget(tool);
    }
    for (BodyForm *form : d->forms) {
        auto *button = new LinkButton(form->title(), this);
        button->setAccessibleDescription(tr("Shows the body so: %1").arg(title));
        button->setToolTip(tr("F6 goes on to the next of them"));
        bar->addWidget(button);
        d->buttons.append(button);
        if (form->widget()->accessibleName().isEmpty())
            form->widget()->setAccessibleName(title);
        d->stack->addWidget(form->widget());
        connect(button, &LinkButton::clicked, this, [this, form] { d->choose(form); });
        connect(form, &BodyForm::statusMessage, this, &BodyView::statusMessage);
        connect(form, &BodyForm::cancelled, this, [this, form] {
            if (BodyForm *other = d->form == form ? d->bestForm(form) : nullptr)
                d->show(other);
        });
    }
    bar->addWidget(d->save);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(d->stack, 1);

    connect(d->save, &LinkButton::clicked, this, [this] { d->saveAs(); });
    const auto key = [this](const char *keys, int by) {
        auto *shortcut = new QShortcut(QKeySequence(QLatin1String(keys)), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, by] { d->step(by); });
    };
    key("F6", 1);
    key("Shift+F6", -1);
    clear({});
}

BodyView::~BodyView() = default;

void BodyView::cancelSaves()
{
    for (QSaveFile *file : findChildren<QSaveFile *>())
        delete file; // what was not committed never appears
}

QByteArray BodyView::form() const
{
    return d->form ? d->form->id() : QByteArray();
}
qint64 BodyView::size() const
{
    return d->body.size;
}

void BodyView::clear(const QString &why)
{
    d->body = {};
    d->form = nullptr;
    for (BodyForm *form : d->forms)
        form->clear();
    d->hideTools();
    d->caption->setWholeText(d->title);
    d->empty->setText(why);
    d->stack->setCurrentWidget(d->empty);
    for (LinkButton *button : d->buttons)
        button->hide();
    d->save->hide();
}

void BodyView::setBody(Source source, qint64 size, const QByteArray &contentType, Source raw,
                       std::shared_ptr<const Redactor> redactor)
{
    clear({});
    if (size <= 0) {
        clear(tr("No body"));
        return;
    }
    const QByteArray head = source(0, kHead);
    d->body = {std::move(source), std::move(raw), std::move(redactor), size,
               bodyKind(contentType, head, head.size() >= size)};
    QString caption = tr("%1, %2").arg(d->title, humanSize(size));
    if (!contentType.isEmpty())
        caption += QStringLiteral(", ") + visibleText(QString::fromLatin1(contentType));
    if (const QString odd = oddity(contentType, d->body.kind, head); !odd.isEmpty())
        caption += QStringLiteral(", ") + odd;
    d->caption->setWholeText(caption);
    for (qsizetype i = 0; i < d->forms.size(); ++i)
        d->buttons[i]->setVisible(d->forms[i]->fitness(d->body) > 0);
    d->save->show();
    BodyForm *chosen =
        d->formNamed(QSettings().value(chosenKey(d->body.kind)).toString().toLatin1());
    d->show(chosen && chosen->fitness(d->body) > 0 ? chosen : d->bestForm());
}

void BodyView::setForm(const QByteArray &id)
{
    if (BodyForm *form = d->formNamed(id); form && d->body.shown && form->fitness(d->body) > 0)
        d->show(form);
}

BodyForm *BodyView::Private::formNamed(const QByteArray &id) const
{
    const auto found = std::find_if(forms.cbegin(), forms.cend(),
                                    [&id](const BodyForm *each) { return each->id() == id; });
    return found == forms.cend() ? nullptr : *found;
}

BodyForm *BodyView::Private::bestForm(const BodyForm *but) const
{
    BodyForm *best = nullptr;
    for (BodyForm *each : forms) {
        if (each != but && (!best || each->fitness(body) > best->fitness(body)))
            best = each;
    }
    return best;
}

void BodyView::Private::hideTools()
{
    for (BodyForm *each : forms) {
        for (QWidget *tool : each->tools())
            tool->hide();
    }
}

void BodyView::Private::show(BodyForm *next)
{
    if (!next || !body.shown)
        return;
    // A button that is pressed loses the focus when it is disabled: what it showed gets it.
    const bool focused = buttons.contains(qobject_cast<LinkButton *>(QApplication::focusWidget()))
        || (form && form->widget()->isAncestorOf(QApplication::focusWidget()))
        || (form && form->widget() == QApplication::focusWidget());
    if (form && form != next)
        form->clear();
    form = next;
    hideTools();
    for (qsizetype i = 0; i < forms.size(); ++i)
        buttons[i]->setEnabled(forms[i] != next);
    next->show(body);
    stack->setCurrentWidget(next->widget());
    if (focused && q->isVisible())
        next->widget()->setFocus(Qt::OtherFocusReason);
}

/// As show(), and remembers it for all bodies of this kind.
void BodyView::Private::choose(BodyForm *next)
{
    if (bestForm() == next)
        QSettings().remove(chosenKey(body.kind));
    else
        QSettings().setValue(chosenKey(body.kind), QString::fromLatin1(next->id()));
    show(next);
}

void BodyView::Private::step(int by)
{
    if (!form)
        return;
    const qsizetype count = forms.size();
    qsizetype at = forms.indexOf(form);
    do {
        at = (at + by + count) % count;
    } while (forms[at]->fitness(body) <= 0);
    if (forms[at] != form)
        choose(forms[at]);
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
        [this, file, path, from = body.shown, total = body.size, done = qint64(0)]() mutable {
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

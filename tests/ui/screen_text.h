// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>
#include <QAbstractItemModel>
#include <QAbstractItemView>
#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QLineEdit>
#include <QMap>
#include <QMenu>
#include <QMetaProperty>
#include <QMimeData>
#include <QPaintEngine>
#include <QPlainTextEdit>
#include <QPointer>
#include <QSet>
#include <QTest>
#include <QTextEdit>
#include <QTextTable>
#include <QTimer>

#include <functional>

namespace sightglass::test {

/// Something to draw on that keeps the words and drops the rest: what a picture of the screen says.
class WordsOnly final : public QPaintDevice {
public:
    explicit WordsOnly(QSize size)
        : m_size(size)
    {
    }
    QPaintEngine *paintEngine() const override { return &m_engine; }
    const QSet<QString> &words() const { return m_engine.words; }

protected:
    int metric(PaintDeviceMetric metric) const override
    {
        switch (metric) {
        case PdmWidth:
            return m_size.width();
        case PdmHeight:
            return m_size.height();
        case PdmWidthMM:
            return m_size.width() * 254 / 960;
        case PdmHeightMM:
            return m_size.height() * 254 / 960;
        case PdmNumColors:
            return 1 << 24;
        case PdmDepth:
            return 32;
        case PdmDevicePixelRatio:
            return 1;
        case PdmDevicePixelRatioScaled:
            return int(devicePixelRatioFScale());
        default:
            return 96; // dots per inch
        }
    }

private:
    class Engine final : public QPaintEngine {
    public:
        Engine()
            : QPaintEngine(AllFeatures)
        {
        }
        bool begin(QPaintDevice *) override { return true; }
        bool end() override { return true; }
        void updateState(const QPaintEngineState &) override { }
        void drawPixmap(const QRectF &, const QPixmap &, const QRectF &) override { }
        void drawPolygon(const QPointF *, int, PolygonDrawMode) override { }
        void drawPath(const QPainterPath &) override { }
        void drawTextItem(const QPointF &, const QTextItem &item) override
        {
            words.insert(item.text());
        }
        Type type() const override { return User; }
        QSet<QString> words;
    };

    QSize m_size;
    mutable Engine m_engine;
};

/// All that a person, a screen reader, a screenshot or the clipboard can get from windows, by where
/// it was. Grows with each look.
class ScreenText {
public:
    /// Each text once.
    QMap<QString, QSet<QString>> texts;

    bool has(const QString &where, const QString &part) const
    {
        const QSet<QString> all = texts.value(where);
        return std::any_of(all.begin(), all.end(),
                           [&part](const QString &text) { return text.contains(part); });
    }
    bool hasAnywhere(const QString &part) const { return !findings(part).isEmpty(); }
    /// Where it was found, and in what; a few of each.
    QStringList findings(const QString &part) const
    {
        QStringList list;
        for (auto it = texts.cbegin(); it != texts.cend(); ++it) {
            int found = 0;
            for (const QString &text : it.value()) {
                const qsizetype at = text.indexOf(part);
                if (at < 0 || ++found > 4)
                    continue;
                list.append(it.key() + QStringLiteral(": ")
                            + text.mid(std::max<qsizetype>(0, at - 60), 60 + part.size() + 20));
            }
        }
        return list;
    }
    void add(const QString &where, const QString &text)
    {
        if (!text.isEmpty())
            texts[where].insert(text);
    }

    /// Of all windows that are there, hidden parts included.
    void look()
    {
        QCoreApplication::processEvents();
        const QWidgetList all = QApplication::allWidgets();
        for (QWidget *widget : all) {
            takeWidget(widget);
            for (const QAction *action : widget->actions())
                takeProperties(action);
        }
        for (QWidget *window : QApplication::topLevelWidgets()) {
            if (!window->isVisible())
                continue;
            WordsOnly picture(window->size());
            window->render(&picture);
            for (const QString &words : picture.words())
                add(QStringLiteral("painted"), words);
            int left = mostAccessible;
            takeAccessible(QAccessible::queryAccessibleInterface(window), &left);
            for (QAbstractItemModel *model : window->findChildren<QAbstractItemModel *>())
                takeModel(model);
        }
    }

    /// Copies whatever can be copied of what is visible without asking for secrets: by buttons,
    /// by Ctrl+C with all selected, and by each context menu.
    void copyAll()
    {
        QList<QPointer<QWidget>> all;
        for (QWidget *widget : QApplication::allWidgets())
            all.append(widget);
        for (const QPointer<QWidget> &widget : std::as_const(all)) {
            if (!widget || !widget->isVisible())
                continue;
            if (auto *button = qobject_cast<QAbstractButton *>(widget.data())) {
                if (button->text().startsWith(QLatin1String("Copy")))
                    copied([button] { button->click(); });
            } else if (auto *line = qobject_cast<QLineEdit *>(widget.data())) {
                const int at = line->cursorPosition();
                copied([line] {
                    line->selectAll();
                    line->copy();
                });
                line->setCursorPosition(at);
            } else if (auto *text = qobject_cast<QTextEdit *>(widget.data())) {
                copyDocument(text);
                takeMenus(text);
            } else if (auto *plain = qobject_cast<QPlainTextEdit *>(widget.data())) {
                copyDocument(plain);
            } else if (auto *view = qobject_cast<QAbstractItemView *>(widget.data());
                       view && !qobject_cast<QHeaderView *>(view)) {
                copied([view] { QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier); });
                takeMenus(view);
            }
        }
    }

private:
    static constexpr int mostRows = 400;
    static constexpr int mostAccessible = 20000;

    void takeWidget(QWidget *widget)
    {
        takeProperties(widget);
        if (const auto *text = qobject_cast<QTextEdit *>(widget))
            add(QStringLiteral("widgets"), text->toPlainText());
        else if (const auto *plain = qobject_cast<QPlainTextEdit *>(widget))
            add(QStringLiteral("widgets"), plain->toPlainText());
        else if (const auto *box = qobject_cast<QComboBox *>(widget))
            takeModel(box->model());
    }
    /// Every text that the object tells of itself. What a password field holds is shown to nobody.
    void takeProperties(const QObject *object)
    {
        const auto *line = qobject_cast<const QLineEdit *>(object);
        const bool hides = line && line->echoMode() != QLineEdit::Normal;
        const QMetaObject *meta = object->metaObject();
        for (int i = 0; i < meta->propertyCount(); ++i) {
            const QMetaProperty property = meta->property(i);
            if (hides && QByteArrayView(property.name()) == "text")
                continue;
            if (property.metaType() == QMetaType::fromType<QString>())
                add(QStringLiteral("widgets"), property.read(object).toString());
        }
    }
    void takeModel(const QAbstractItemModel *model, const QModelIndex &parent = {}, int depth = 0)
    {
        const int rows = std::min(model->rowCount(parent), mostRows);
        const int columns = model->columnCount(parent);
        for (int row = 0; row < rows; ++row) {
            for (int column = 0; column < columns; ++column) {
                const QModelIndex index = model->index(row, column, parent);
                for (int role = 0; role <= Qt::AccessibleDescriptionRole; ++role)
                    add(QStringLiteral("models"), index.data(role).toString());
                for (int role = Qt::UserRole; role < Qt::UserRole + 32; ++role)
                    add(QStringLiteral("models"), index.data(role).toString());
                if (depth < 8)
                    takeModel(model, index, depth + 1);
            }
        }
    }
    void takeAccessible(QAccessibleInterface *part, int *left)
    {
        if (!part || !part->isValid() || --*left < 0)
            return;
        for (const QAccessible::Text kind :
             {QAccessible::Name, QAccessible::Description, QAccessible::Value, QAccessible::Help})
            add(QStringLiteral("accessible"), part->text(kind));
        if (QAccessibleTextInterface *text = part->textInterface())
            add(QStringLiteral("accessible"), text->text(0, text->characterCount()));
        const int count = std::min(part->childCount(), 4 * mostRows);
        for (int i = 0; i < count; ++i)
            takeAccessible(part->child(i), left);
    }

    void copied(const std::function<void()> &copy)
    {
        QClipboard *clipboard = QApplication::clipboard();
        clipboard->clear();
        copy();
        const QMimeData *data = clipboard->mimeData();
        if (!data)
            return;
        for (const QString &format : data->formats())
            add(QStringLiteral("clipboard"), QString::fromUtf8(data->data(format)));
        add(QStringLiteral("clipboard"), data->text());
    }
    template <typename Edit> void copyDocument(Edit *edit)
    {
        const QTextCursor before = edit->textCursor();
        copied([edit] {
            edit->selectAll();
            edit->copy();
        });
        edit->setTextCursor(before);
    }
    void takeMenus(QTextEdit *edit)
    {
        QList<QPoint> rows; // the document may be another one after a menu
        for (const QTextFrame *frame : edit->document()->rootFrame()->childFrames()) {
            const auto *table = qobject_cast<const QTextTable *>(frame);
            for (int row = 0; table && row < table->rows(); ++row)
                rows.append(edit->cursorRect(table->cellAt(row, 0).firstCursorPosition()).center());
        }
        for (const QPoint &at : std::as_const(rows))
            takeMenu(edit->viewport(), at);
    }
    void takeMenus(QAbstractItemView *view)
    {
        if (view->contextMenuPolicy() != Qt::CustomContextMenu || !view->model())
            return;
        const QModelIndex current = view->currentIndex();
        const int row = std::max(0, current.row());
        for (int column = 0; column < view->model()->columnCount(); ++column)
            takeMenu(view, view->visualRect(view->model()->index(row, column)).center());
    }
    void takeMenu(QWidget *widget, QPoint at)
    {
        bool taken = false;
        const auto take = [this, &taken] {
            auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
            if (taken || !menu)
                return;
            taken = true;
            const QList<QAction *> actions = menu->actions();
            for (QAction *action : actions) {
                takeProperties(action);
                const QString text = action->text();
                if (action->isEnabled() && text.startsWith(QLatin1String("Copy"))
                    && !text.endsWith(QLatin1String(", with secrets")))
                    copied([action] { action->trigger(); });
            }
            menu->close();
        };
        QTimer::singleShot(0, widget, take); // of a menu that waits for its end
        QContextMenuEvent event(QContextMenuEvent::Keyboard, at, widget->mapToGlobal(at));
        QApplication::sendEvent(widget, &event);
        take(); // of one that does not
        QCoreApplication::processEvents();
    }
};

} // namespace sightglass::test

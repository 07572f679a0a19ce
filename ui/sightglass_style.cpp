// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/sightglass_style.h"

#include "ui/theme.h"

#include <QAbstractScrollArea>
#include <QComboBox>
#include <QLineEdit>
#include <QPainter>
#include <QPainterPath>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTextEdit>

namespace sightglass {

namespace {

/// A rounded panel with a line around it; the line stands on whole device pixels.
void drawPanel(QPainter *painter, const QRect &rect, const QColor &fill, const QColor &line,
               qreal width = 1)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(line.alpha() ? QPen(line, width) : QPen(Qt::NoPen));
    painter->setBrush(fill);
    const qreal inset = line.alpha() ? width / 2 : 0;
    painter->drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset),
                             SightglassStyle::radius - inset, SightglassStyle::radius - inset);
    painter->restore();
}

void drawChevron(QPainter *painter, const QRectF &rect, Qt::ArrowType arrow, const QColor &color)
{
    const qreal w = 3.5;
    const qreal h = 1.75;
    QPainterPath path;
    path.moveTo(-w, -h);
    path.lineTo(0, h);
    path.lineTo(w, -h);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.center());
    if (arrow == Qt::UpArrow)
        painter->rotate(180);
    else if (arrow == Qt::RightArrow)
        painter->rotate(-90);
    else if (arrow == Qt::LeftArrow)
        painter->rotate(90);
    painter->setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->drawPath(path);
    painter->restore();
}

bool isPrimary(const QWidget *widget)
{
    return widget && widget->property("primary").toBool();
}

QColor hovered(const QColor &color, const QPalette &palette)
{
    return mixedColor(color, roleColor(Role::Text, palette), 0.05);
}

QColor fieldLine(const QStyleOption *option)
{
    const bool focus =
        (option->state & QStyle::State_HasFocus) && (option->state & QStyle::State_Enabled);
    return roleColor(focus ? Role::Accent : Role::Line, option->palette);
}

QColor fieldFill(const QStyleOption *option)
{
    return roleColor(option->state & QStyle::State_Enabled ? Role::Base : Role::Window,
                     option->palette);
}

} // namespace

SightglassStyle::SightglassStyle()
    : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
{
}

void SightglassStyle::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QPushButton *>(widget) || qobject_cast<QComboBox *>(widget))
        widget->setAttribute(Qt::WA_Hover);
    // What lies behind shows through the groove.
    if (qobject_cast<QScrollBar *>(widget))
        widget->setAttribute(Qt::WA_OpaquePaintEvent, false);
    // A text field's own ground is drawn by PE_Frame with round corners.
    if (qobject_cast<QPlainTextEdit *>(widget) || qobject_cast<QTextEdit *>(widget)) {
        auto *area = static_cast<QAbstractScrollArea *>(widget);
        if (area->frameShape() == QFrame::StyledPanel)
            area->viewport()->setAutoFillBackground(false);
    }
}

void SightglassStyle::drawButton(const QStyleOption *option, QPainter *painter,
                                 const QWidget *widget) const
{
    const QPalette &palette = option->palette;
    const bool enabled = option->state & State_Enabled;
    const bool focus = enabled && (option->state & State_HasFocus);
    const bool down = option->state & (State_Sunken | State_On);
    const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
    const bool flat = button && (button->features & QStyleOptionButton::Flat);
    QColor fill = roleColor(Role::Base, palette);
    QColor line = roleColor(Role::Line, palette);
    if (isPrimary(widget) && enabled) {
        fill = strongColor(Role::Accent, palette);
        line = focus ? roleColor(Role::Text, palette) : fill;
    } else {
        if (!enabled)
            fill = roleColor(Role::Window, palette);
        if (flat)
            fill = line = Qt::transparent;
        if (option->state & State_On)
            fill = roleColor(Role::Selection, palette);
        if (focus)
            line = roleColor(Role::Accent, palette);
    }
    if (enabled && !(option->state & State_On)) {
        if (down)
            fill = mixedColor(fill, roleColor(Role::Text, palette), 0.12);
        else if (option->state & State_MouseOver)
            fill = fill.alpha()
                ? hovered(fill, palette)
                : mixedColor(roleColor(Role::Base, palette), roleColor(Role::Text, palette), 0.06);
    }
    const bool strongFocus = focus && (option->state & State_KeyboardFocusChange);
    drawPanel(painter, option->rect, fill, line, strongFocus ? 2 : 1);
}

void SightglassStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option,
                                    QPainter *painter, const QWidget *widget) const
{
    const QPalette &palette = option->palette;
    switch (element) {
    case PE_PanelButtonCommand:
        drawButton(option, painter, widget);
        return;
    case PE_PanelButtonTool: {
        const bool focus = option->state & State_HasFocus;
        const bool lit = option->state & (State_On | State_Sunken | State_MouseOver);
        if (!lit && !focus)
            return;
        const QColor fill = option->state & State_On
            ? roleColor(Role::Selection, palette)
            : mixedColor(roleColor(Role::Base, palette), roleColor(Role::Text, palette), 0.07);
        drawPanel(painter, option->rect, lit ? fill : QColor(Qt::transparent),
                  focus ? roleColor(Role::Accent, palette) : QColor(Qt::transparent));
        return;
    }
    case PE_PanelLineEdit: {
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        if (frame && frame->lineWidth > 0)
            drawPanel(painter, option->rect, fieldFill(option), fieldLine(option));
        return;
    }
    case PE_FrameLineEdit:
        return; // drawn with the panel
    case PE_Frame: {
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        if (frame && frame->lineWidth == 0)
            return;
        QColor fill = Qt::transparent;
        if (widget && widget->property("quiet").toBool())
            fill = roleColor(Role::Window, palette);
        else if (qobject_cast<const QAbstractScrollArea *>(widget))
            fill = fieldFill(option);
        drawPanel(painter, option->rect, fill, fieldLine(option));
        return;
    }
    case PE_FrameGroupBox:
        drawPanel(painter, option->rect, Qt::transparent, roleColor(Role::Line, palette));
        return;
    case PE_FrameMenu:
        painter->save();
        painter->setPen(roleColor(Role::Line, palette));
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        painter->restore();
        return;
    case PE_FrameFocusRect: {
        if (option->state & State_Item) {
            // In lists the current row: a bar where it is selected, an outline else.
            if (option->state & State_Selected)
                painter->fillRect(QRect(option->rect.topLeft(), QSize(2, option->rect.height())),
                                  roleColor(Role::Accent, palette));
            else
                drawPanel(painter, option->rect, Qt::transparent, roleColor(Role::Accent, palette));
            return;
        }
        if (!qobject_cast<const QPushButton *>(widget))
            drawPanel(painter, option->rect, Qt::transparent, roleColor(Role::Accent, palette));
        return;
    }
    case PE_PanelItemViewItem: {
        const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option);
        if (item && item->backgroundBrush.style() != Qt::NoBrush)
            painter->fillRect(option->rect, item->backgroundBrush);
        if (option->state & State_Selected)
            painter->fillRect(option->rect, roleColor(Role::Selection, palette));
        return;
    }
    case PE_IndicatorArrowDown:
        drawChevron(painter, option->rect, Qt::DownArrow, roleColor(Role::Muted, palette));
        return;
    case PE_IndicatorArrowUp:
        drawChevron(painter, option->rect, Qt::UpArrow, roleColor(Role::Muted, palette));
        return;
    case PE_IndicatorArrowLeft:
        drawChevron(painter, option->rect, Qt::LeftArrow, roleColor(Role::Muted, palette));
        return;
    case PE_IndicatorArrowRight:
        drawChevron(painter, option->rect, Qt::RightArrow, roleColor(Role::Muted, palette));
        return;
    case PE_IndicatorHeaderArrow: {
        const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option);
        const bool up = header && header->sortIndicator == QStyleOptionHeader::SortUp;
        drawChevron(painter, option->rect, up ? Qt::UpArrow : Qt::DownArrow,
                    roleColor(Role::Muted, palette));
        return;
    }
    case PE_IndicatorBranch:
        if (option->state & State_Children)
            drawChevron(painter, option->rect,
                        option->state & State_Open ? Qt::DownArrow : Qt::RightArrow,
                        roleColor(Role::Muted, palette));
        return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
    case PE_IndicatorRadioButton: {
        const bool round = element == PE_IndicatorRadioButton;
        const bool enabled = option->state & State_Enabled;
        const bool set = option->state & (State_On | State_NoChange);
        const QColor fill = set && enabled ? strongColor(Role::Accent, palette) : fieldFill(option);
        const QColor line = set && enabled && !(option->state & State_HasFocus)
            ? fill
            : mixedColor(fieldLine(option), roleColor(Role::Muted, palette), 0.4);
        const QColor mark =
            enabled ? onStrongColor(Role::Accent, palette) : roleColor(Role::Muted, palette);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(line);
        painter->setBrush(fill);
        const QRectF box = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
        const qreal corner = round ? box.width() / 2 : 3;
        painter->drawRoundedRect(box, corner, corner);
        painter->setPen(QPen(mark, 1.75, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        if (set && round) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(mark);
            painter->drawEllipse(box.center(), box.width() / 5, box.width() / 5);
        } else if (option->state & State_NoChange) {
            painter->drawLine(QPointF(box.left() + 4, box.center().y()),
                              QPointF(box.right() - 4, box.center().y()));
        } else if (set) {
            const qreal u = box.width() / 15;
            painter->drawPolyline(QPolygonF({box.topLeft() + QPointF(3.5, 7.8) * u,
                                             box.topLeft() + QPointF(6.4, 10.8) * u,
                                             box.topLeft() + QPointF(11.6, 4.6) * u}));
        }
        painter->restore();
        return;
    }
    case PE_FrameTabBarBase:
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            roleColor(Role::Line, palette));
        return;
    case PE_FrameTabWidget:
    case PE_PanelScrollAreaCorner:
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void SightglassStyle::drawTab(const QStyleOption *option, QPainter *painter) const
{
    const bool selected = option->state & State_Selected;
    if (selected)
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom() - 1, option->rect.width(), 2),
            roleColor(Role::Accent, option->palette));
    else if (option->state & State_MouseOver)
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom() - 1, option->rect.width(), 2),
            roleColor(Role::Line, option->palette));
}

void SightglassStyle::drawProgress(const QStyleOption *option, QPainter *painter) const
{
    const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option);
    if (!bar)
        return;
    const int thickness = std::min(6, option->rect.height());
    QRectF groove(option->rect.left(), option->rect.center().y() - thickness / 2.0 + 0.5,
                  option->rect.width(), thickness);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(roleColor(Role::Line, option->palette));
    painter->drawRoundedRect(groove, thickness / 2.0, thickness / 2.0);
    const QColor accent = roleColor(Role::Accent, option->palette);
    const qint64 range = qint64(bar->maximum) - bar->minimum;
    if (range <= 0) {
        // How far is not known: a filled bar that claims nothing.
        painter->setBrush(QBrush(accent, Qt::BDiagPattern));
        painter->drawRoundedRect(groove, thickness / 2.0, thickness / 2.0);
    } else if (bar->progress > bar->minimum) {
        const double share = std::clamp(double(bar->progress - bar->minimum) / range, 0.0, 1.0);
        groove.setWidth(std::max<double>(thickness, groove.width() * share));
        painter->setBrush(accent);
        painter->drawRoundedRect(groove, thickness / 2.0, thickness / 2.0);
    }
    painter->restore();
}

void SightglassStyle::drawControl(ControlElement element, const QStyleOption *option,
                                  QPainter *painter, const QWidget *widget) const
{
    const QPalette &palette = option->palette;
    switch (element) {
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
            button && isPrimary(widget) && (option->state & State_Enabled)) {
            QStyleOptionButton label(*button);
            label.palette.setColor(QPalette::ButtonText, onStrongColor(Role::Accent, palette));
            QProxyStyle::drawControl(element, &label, painter, widget);
            return;
        }
        break;
    case CE_TabBarTabShape:
        drawTab(option, painter);
        return;
    case CE_TabBarTabLabel:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option)) {
            QStyleOptionTab label(*tab);
            const bool selected = option->state & State_Selected;
            if (option->state & State_Enabled)
                label.palette.setColor(QPalette::WindowText,
                                       roleColor(selected ? Role::Text : Role::Muted, palette));
            if (tab->state & State_HasFocus)
                drawPanel(painter, tab->rect.adjusted(4, 4, -4, -4), Qt::transparent,
                          roleColor(Role::Accent, palette));
            label.state &= ~State_HasFocus;
            QProxyStyle::drawControl(element, &label, painter, widget);
            return;
        }
        break;
    case CE_HeaderSection:
        painter->fillRect(option->rect, roleColor(Role::Base, palette));
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            roleColor(Role::Line, palette));
        return;
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, roleColor(Role::Base, palette));
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            roleColor(Role::Line, palette));
        return;
    case CE_HeaderLabel:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            QStyleOptionHeaderV2 label;
            static_cast<QStyleOptionHeader &>(label) = *header;
            label.state &= ~State_On;
            label.palette.setColor(QPalette::ButtonText, roleColor(Role::Muted, palette));
            painter->save();
            painter->setFont(scaledFont(-0.75, true));
            QProxyStyle::drawControl(element, &label, painter, widget);
            painter->restore();
            return;
        }
        break;
    case CE_Splitter:
        painter->fillRect(option->rect, roleColor(Role::Line, palette));
        return;
    case CE_ProgressBarGroove:
    case CE_ProgressBarLabel:
        return;
    case CE_ProgressBarContents:
    case CE_ProgressBar:
        drawProgress(option, painter);
        return;
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void SightglassStyle::drawScrollBar(const QStyleOptionComplex *option, QPainter *painter,
                                    const QWidget *widget) const
{
    const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
    if (!bar)
        return;
    if (bar->maximum <= bar->minimum)
        return;
    const QRect slider = proxy()->subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget);
    const bool lit = (option->state & State_MouseOver) || (option->state & State_Sunken);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(mixedColor(roleColor(Role::Line, option->palette),
                                 roleColor(Role::Muted, option->palette), lit ? 0.9 : 0.5));
    const QRectF handle = QRectF(slider).adjusted(3, 3, -3, -3);
    const qreal corner = std::min(handle.width(), handle.height()) / 2;
    painter->drawRoundedRect(handle, corner, corner);
    painter->restore();
}

void SightglassStyle::drawComboBox(const QStyleOptionComplex *option, QPainter *painter,
                                   const QWidget *widget) const
{
    const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option);
    if (!combo)
        return;
    QColor fill = fieldFill(option);
    if (!combo->editable && (option->state & State_MouseOver) && (option->state & State_Enabled))
        fill = hovered(fill, option->palette);
    if (combo->frame)
        drawPanel(painter, option->rect, fill, fieldLine(option));
    const QRect arrow = proxy()->subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget);
    drawChevron(painter, arrow, Qt::DownArrow, roleColor(Role::Muted, option->palette));
}

void SightglassStyle::drawSpinBox(const QStyleOptionComplex *option, QPainter *painter,
                                  const QWidget *widget) const
{
    const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option);
    if (!spin)
        return;
    if (spin->frame)
        drawPanel(painter, option->rect, fieldFill(option), fieldLine(option));
    if (spin->buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const bool enabled = option->state & State_Enabled;
    auto color = [&](QAbstractSpinBox::StepEnabledFlag step) {
        return enabled && (spin->stepEnabled & step) ? roleColor(Role::Muted, option->palette)
                                                     : roleColor(Role::Line, option->palette);
    };
    drawChevron(painter, proxy()->subControlRect(CC_SpinBox, option, SC_SpinBoxUp, widget),
                Qt::UpArrow, color(QAbstractSpinBox::StepUpEnabled));
    drawChevron(painter, proxy()->subControlRect(CC_SpinBox, option, SC_SpinBoxDown, widget),
                Qt::DownArrow, color(QAbstractSpinBox::StepDownEnabled));
}

void SightglassStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                                         QPainter *painter, const QWidget *widget) const
{
    switch (control) {
    case CC_ScrollBar:
        drawScrollBar(option, painter, widget);
        return;
    case CC_ComboBox:
        drawComboBox(option, painter, widget);
        return;
    case CC_SpinBox:
        drawSpinBox(option, painter, widget);
        return;
    default:
        QProxyStyle::drawComplexControl(control, option, painter, widget);
    }
}

QRect SightglassStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option,
                                      SubControl subControl, const QWidget *widget) const
{
    const auto *bar =
        control == CC_ScrollBar ? qstyleoption_cast<const QStyleOptionSlider *>(option) : nullptr;
    if (!bar) {
        const QRect other = QProxyStyle::subControlRect(control, option, subControl, widget);
        const bool field = (control == CC_ComboBox && subControl == SC_ComboBoxEditField)
            || (control == CC_SpinBox && subControl == SC_SpinBoxEditField);
        return field ? other.adjusted(5, 0, 0, 0) : other;
    }

    // Without arrow buttons: the groove is the whole length.
    const bool horizontal = bar->orientation == Qt::Horizontal;
    const QRect &rect = option->rect;
    const int length = horizontal ? rect.width() : rect.height();
    const qint64 range = qint64(bar->maximum) - bar->minimum;
    int slider = length;
    if (range > 0) {
        const int least = std::min(length, 28);
        slider = int(double(bar->pageStep) * length / double(range + bar->pageStep));
        slider = std::clamp(slider, least, length);
    }
    const int start = sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition,
                                              length - slider, bar->upsideDown);
    auto part = [&](int from, int size) {
        const QRect logical = horizontal ? QRect(rect.x() + from, rect.y(), size, rect.height())
                                         : QRect(rect.x(), rect.y() + from, rect.width(), size);
        return visualRect(bar->direction, rect, logical);
    };
    switch (subControl) {
    case SC_ScrollBarGroove:
        return rect;
    case SC_ScrollBarSlider:
        return part(start, slider);
    case SC_ScrollBarSubPage:
        return part(0, start);
    case SC_ScrollBarAddPage:
        return part(start + slider, length - start - slider);
    default:
        return {};
    }
}

QSize SightglassStyle::sizeFromContents(ContentsType type, const QStyleOption *option,
                                        const QSize &size, const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    const int line = option ? option->fontMetrics.height() : 16;
    switch (type) {
    case CT_PushButton:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            int width = size.width() + 26;
            if (button->features & QStyleOptionButton::HasMenu)
                width += 16;
            return {std::max(width, 32), std::max(size.height(), line) + 10};
        }
        return result;
    case CT_LineEdit:
        return {result.width(), std::max(result.height(), line + 10)};
    case CT_ComboBox:
    case CT_SpinBox:
        return {result.width() + 8, std::max(result.height(), line + 10)};
    case CT_TabBarTab:
        return {size.width() + 8, line + 16};
    case CT_HeaderSection: {
        const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option);
        const int further = header ? int(header->text.count(u'\n')) : 0;
        return {result.width() + line / 2, (1 + further) * line + 12};
    }
    case CT_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option);
            item && item->menuItemType == QStyleOptionMenuItem::Separator)
            return result;
        return {result.width() + 8, std::max(result.height(), line + 8)};
    default:
        return result;
    }
}

QRect SightglassStyle::subElementRect(SubElement element, const QStyleOption *option,
                                      const QWidget *widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
    if (element == SE_LineEditContents && frame && frame->lineWidth > 0)
        return rect.adjusted(6, 0, -4, 0);
    return rect;
}

int SightglassStyle::pixelMetric(PixelMetric metric, const QStyleOption *option,
                                 const QWidget *widget) const
{
    switch (metric) {
    case PM_SplitterWidth:
    case PM_DefaultFrameWidth:
        return 1;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_TabBarBaseHeight:
    case PM_TabBarBaseOverlap:
    case PM_TabBarTabShiftVertical:
        return 0;
    case PM_ScrollBarExtent:
        return 12;
    case PM_ScrollView_ScrollBarOverlap:
    case PM_ScrollView_ScrollBarSpacing:
        return 0;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
        return 16;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return 8;
    case PM_TabBarTabHSpace:
        return 18;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int SightglassStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                               QStyleHintReturn *returnData) const
{
    switch (hint) {
    case SH_Widget_Animation_Duration:
    case SH_EtchDisabledText:
    case SH_ScrollBar_Transient:
    case SH_ComboBox_Popup:
        return 0;
    case SH_ItemView_ShowDecorationSelected:
    case SH_ScrollBar_MiddleClickAbsolutePosition:
        return 1;
    case SH_DialogButtonBox_ButtonsHaveIcons:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

} // namespace sightglass

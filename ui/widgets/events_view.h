// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/filter_completion.h"
#include "core/filter/trace_filter.h"
#include "ui/models/stream_facts.h"

#include <QTimer>
#include <QWidget>

class QMenu;
class QSplitter;

namespace sightglass {

class BodyLoader;
class EventsModel;
class FilterLine;
class JsonView;
class RoleLabel;
class RowsView;
class WireTable;

/// An exchange's event stream: its lines at the left, the raw bytes and the JSON of the chosen
/// one at the right. Follows a stream that lives; Space holds it still and lets it go on.
class EventsView : public QWidget {
    Q_OBJECT
public:
    explicit EventsView(QWidget *parent = nullptr);

    /// `now` is the trace's clock while it is live.
    void setExchange(const ShownTrace &shown, ExchangeId id, TraceClock now = {});
    /// To be asked where the filter asks for findings; from when it is typed next.
    void setFindings(const FindingsLookup &lookup) { m_findings = lookup; }
    /// The trace has grown.
    void refresh();
    bool isHeld() const;
    void setHeld(bool held);
    void showFrame(qint64 frame);
    /// The frame whose line is chosen; -1: none.
    qint64 currentFrame() const { return m_frame; }

    RowsView *list() const { return m_list; }
    EventsModel *model() const { return m_model; }
    /// What there is to say of the stream as a whole.
    RoleLabel *factsLabel() const { return m_factsLabel; }
    FilterLine *filterLine() const { return m_filter; }
    WireTable *rawTable() const { return m_raw; }

Q_SIGNALS:
    void statusMessage(const QString &text);
    /// The menu of a line is about to open; frame -1: of none.
    void menuOpening(QMenu *menu, qint64 frame);

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    void showRow(int row);
    void updateHint();
    void updateFacts();
    void applyFilter();

    ShownTrace m_shown;
    FindingsLookup m_findings;
    ExchangeId m_id = 0;
    TraceClock m_now;
    StreamFacts m_facts;
    QTimer m_pulse; ///< the facts' times go on while the stream is silent
    bool m_held = false;
    qint64 m_heldAt = 0; ///< frames when it was held
    qint64 m_frame = -1;
    EventsModel *m_model;
    QSplitter *m_splitter;
    RowsView *m_list;
    FilterLine *m_filter;
    SeenValues m_seen; ///< for completion
    RoleLabel *m_factsLabel;
    RoleLabel *m_hint;
    BodyLoader *m_loader;
    WireTable *m_raw;
    JsonView *m_json;
};

} // namespace sightglass

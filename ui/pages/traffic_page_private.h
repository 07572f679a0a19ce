// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/filter/filter_completion.h"
#include "ui/models/exchange_model.h"
#include "ui/pages/exchange_pane.h"
#include "ui/pages/row_marks.h"
#include "ui/pages/traffic_page.h"
#include "ui/pages/traffic_sorting.h"
#include "ui/trace_follower.h"

#include <vector>

class QPushButton;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace sightglass {

class FilterLine;
class FilterMenu;
class RoleLabel;
class RowsView;
class SequenceView;
class WaterfallAxis;

/// A filter that is usual enough for a button, and how many it finds.
struct Chip {
    QString term;
    QString title;
    bool counts = false;
    QPushButton *button = nullptr;
    FilterScan scan;
};

/// The parts of a TrafficPage.
struct TrafficPage::Private {
    static constexpr char BesideKey[] = "traffic/detailBeside";
    static constexpr char SequenceKey[] = "traffic/sequence";
    static constexpr char WideKey[] = "traffic/wideWaterfall";

    TrafficPage *q = nullptr;
    TraceFollower follower;
    std::shared_ptr<const Redactor> redactor;
    TraceClock now;
    ExchangeModel *model = nullptr;
    RowsView *table = nullptr;
    TrafficSorting *sorting = nullptr;
    WaterfallAxis *axis = nullptr;
    SequenceView *sequence = nullptr;
    QToolButton *sequenceButton = nullptr;
    FilterLine *filter = nullptr;
    SeenValues seen; ///< for completion
    std::vector<Chip> chips;
    QTimer counting;
    QSplitter *splitter = nullptr;
    QStackedWidget *stack = nullptr;
    RoleLabel *empty = nullptr;
    ExchangePane *pane = nullptr;
    RowMarks *marks = nullptr;
    FilterBook *book = nullptr;
    FilterMenu *filterMenu = nullptr;
    ExportPanel *exporting = nullptr;
    SpansPanel *spans = nullptr;
    std::function<ExportChoices()> exportSource;
    ExchangeId current = 0;
    bool canSendAgain = false;
    bool wide = false; ///< the waterfall has most of the room
    bool selecting = false;
    bool wantsFirst = false; ///< until a row is there to be chosen
    bool comparesRows = false; ///< two rows are selected
    bool sharedByHand = false; ///< somebody moved the splitter
    QList<int> sizesBefore; ///< of the splitter, before a request was edited

    void addSequence();
    bool showsSequence() const;
    void setSequence(bool on);
    RowsView *rowsInView() const;
    bool lookFromFilter(int key);
    void shareRoom();
    void editing(bool on);
    void applyFilter();
    void chooseFirst();
    void chooseCurrent();
    void showEmpty();
    void count();
    void tellCount();
    void select(ExchangeId id);
    void copyAsCurl(ExchangeId id, bool withSecrets);
    QList<ExchangeId> selected() const;
    void addExportMenu(QMenu *popup, ExchangeId id);
    void addCompareMenu(QMenu *popup, ExchangeId id);
    void addTerm(const QString &term);
    void setBeside(bool beside);
    void setWide(bool wide);
    void menu(const QPoint &at);
    ShownTrace shown() const { return {follower.trace(), redactor, false}; }
};

} // namespace sightglass

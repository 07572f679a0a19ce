// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/oauth_steps_model.h"

#include "core/trace/trace_text.h"
#include "ui/visible_text.h"

#include <QDateTime>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostSentence = 2000; ///< characters

} // namespace

OAuthStepLook oauthStepLook(OAuthStep::State state, bool deviates)
{
    switch (state) {
    case OAuthStep::State::Running:
        return {OAuthStepsModel::tr("waits"), u"play"_s, Role::Accent};
    case OAuthStep::State::Done:
        return deviates
            ? OAuthStepLook{OAuthStepsModel::tr("deviates"), u"warning"_s, Role::Attention}
            : OAuthStepLook{OAuthStepsModel::tr("done"), u"check"_s, Role::Ok};
    case OAuthStep::State::Skipped:
        return {OAuthStepsModel::tr("skipped"), u"minus"_s, Role::Muted};
    case OAuthStep::State::Failed:
        return {OAuthStepsModel::tr("failed"), u"refused"_s, Role::Failure};
    case OAuthStep::State::Waiting:
        break;
    }
    return {OAuthStepsModel::tr("not yet"), {}, Role::Muted};
}

bool hasDeviation(const OAuthStep &step)
{
    return std::any_of(step.checks.cbegin(), step.checks.cend(), [](const OAuthCheck &check) {
        return check.result != OAuthCheck::Result::Passed;
    });
}

QString oauthStepTime(const OAuthStep &step)
{
    if (step.began <= 0 || step.ended < step.began)
        return {};
    const qint64 took = step.ended - step.began; // whole milliseconds
    return took == 0  ? OAuthStepsModel::tr("< 1 ms")
        : took < 1000 ? OAuthStepsModel::tr("%1 ms").arg(took)
                      : humanDuration(took * 1'000'000);
}

OAuthStepsModel::OAuthStepsModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void OAuthStepsModel::setSteps(const QList<OAuthStep> &steps)
{
    if (steps.size() != m_steps.size()) {
        beginResetModel();
        m_steps = steps;
        endResetModel();
        return;
    }
    for (qsizetype row = 0; row < steps.size(); ++row) {
        if (steps.at(row) == m_steps.at(row))
            continue;
        m_steps[row] = steps.at(row);
        Q_EMIT dataChanged(index(int(row), 0), index(int(row), ColumnCount - 1));
    }
}

int OAuthStepsModel::interestingRow() const
{
    const auto lastOf = [this](auto matches) {
        for (qsizetype row = m_steps.size() - 1; row >= 0; --row) {
            if (matches(m_steps.at(row).state))
                return int(row);
        }
        return -1;
    };
    using Is = OAuthStep::State;
    const int running = lastOf([](Is state) { return state == Is::Running; });
    const int failed = lastOf([](Is state) { return state == Is::Failed; });
    const int done = lastOf([](Is state) { return state == Is::Done; });
    return running >= 0 ? running : failed >= 0 ? failed : done;
}

int OAuthStepsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_steps.size());
}

int OAuthStepsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant OAuthStepsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const OAuthStep &step = m_steps.at(index.row());
    const OAuthStepLook look = oauthStepLook(step.state, hasDeviation(step));
    const auto column = Column(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return column == State   ? look.word
            : column == Title    ? oauthStepTitle(step.kind)
            : column == Sentence ? visibleText(step.sentence.left(mostSentence))
                                 : oauthStepTime(step);
    case Qt::ToolTipRole:
        if (column == Time && step.began > 0)
            return QDateTime::fromMSecsSinceEpoch(step.began).toString(u"hh:mm:ss.zzz"_s);
        if (column == Sentence)
            return plainToolTip(visibleText(step.sentence.left(mostSentence)));
        return {};
    case Qt::TextAlignmentRole:
        return int((column == Time ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case GlyphIconRole:
        return column == State ? QVariant(look.icon) : QVariant();
    case GlyphToneRole:
        return int(column == State                                                 ? look.role
                       : step.state == OAuthStep::State::Waiting || column == Time ? Role::Muted
                                                                                   : Role::Text);
    default:
        return {};
    }
}

QVariant OAuthStepsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Time ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case State:
        return tr("State");
    case Title:
        return tr("Step");
    case Sentence:
        return tr("What happened");
    case Time:
        return tr("Time");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace sightglass

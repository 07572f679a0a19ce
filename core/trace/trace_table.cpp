// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/trace/credential_matrix.h"
#include "core/trace/rpc_outcome.h"
#include "core/trace/trace_text.h"

#include <QSet>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Untrusted words in a cell, or in a line of their own.
QString plain(const QString &text)
{
    return markedText(text, LineEnds::Mark);
}

enum class Align : quint8 { Left, Right };

/// Rows as aligned columns, two spaces between; the last column is not padded.
QByteArray aligned(const QList<QStringList> &rows, const QList<Align> &align)
{
    QList<qsizetype> widths(align.size(), 0);
    for (const QStringList &row : rows) {
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = qMax(widths.at(i), row.at(i).size());
    }
    QString text;
    for (const QStringList &row : rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i) {
            if (i)
                line += "  "_L1;
            line += align.at(i) == Align::Right ? row.at(i).rightJustified(widths.at(i))
                                                : row.at(i).leftJustified(widths.at(i));
        }
        while (line.endsWith(u' '))
            line.chop(1);
        text += line + u'\n';
    }
    return text.toUtf8();
}

/// "exchange 3: What happened. [AF-99]"
QByteArray evidence(ExchangeId id, const QString &sentence, const QString &finding)
{
    QString line = u"exchange %1: "_s.arg(id) + plain(sentence);
    if (!finding.isEmpty())
        line += u" ["_s + plain(finding) + u']';
    return (line + u'\n').toUtf8();
}

/// What went wrong, though no exchange failed by it.
bool isRemark(const Note &note)
{
    return note.name == "notice"_L1 || note.name == "deviation"_L1
        || note.name == "session-expired"_L1 || note.name == "failure"_L1;
}

/// What a person sent again, perhaps edited.
bool isByHand(const Note &note)
{
    return note.name == "sent-again"_L1 || note.name == "edited"_L1;
}

/// What a program printed where only messages may stand: the first lines of it.
QByteArray printedLines(const TraceReader &trace, ExchangeId id, const Redactor &redactor)
{
    constexpr int MostLines = 20;
    constexpr qint64 MostBytes = 800;
    constexpr qsizetype MostShown = 200;
    QByteArray lines;
    int shown = 0;
    qint64 more = 0;
    const qint64 frames = trace.summary(id).frames;
    for (qint64 i = 0; i < frames; ++i) {
        const Frame frame = trace.frame(id, i);
        if (frame.kind != FrameKind::NoMessage)
            continue;
        if (shown++ >= MostLines) {
            ++more;
            continue;
        }
        QString text = QString::fromUtf8(
            trace.responseBody(id, frame.start, std::min(MostBytes, frame.end - frame.start)));
        text = text.simplified();
        if (text.size() > MostShown)
            text = text.left(MostShown - 1) + u'…';
        lines +=
            evidence(id, u"printed to stdout, no message: “%1”"_s.arg(redactor.text(text)), {});
    }
    if (more > 0)
        lines += evidence(id, u"… and %1 more such lines"_s.arg(more), {});
    return lines;
}

QByteArray matrixText(const CredentialMatrix &matrix)
{
    if (matrix.rows.isEmpty())
        return "No requests.\n";
    QStringList head{QString(), QString(), QString()};
    QList<Align> align{Align::Left, Align::Left, Align::Right};
    for (const QByteArray &column : matrix.columns) {
        head << plain(QString::fromUtf8(column));
        align << Align::Left;
    }
    head << u"answer"_s;
    align << Align::Left;
    QList<QStringList> rows{head};
    for (const MatrixRow &row : matrix.rows) {
        QStringList line{plain(QString::fromUtf8(row.method)), plain(row.what),
                         u"x%1"_s.arg(row.count)};
        for (const MatrixCell &cell : row.cells)
            line << matrixCellText(cell, row.count);
        QStringList answers;
        for (const int status : row.statuses)
            answers << QString::number(status);
        line << (answers.isEmpty() ? u"none"_s : answers.join(u", "_s));
        rows << line;
    }
    return aligned(rows, align);
}

} // namespace

QString matrixCellText(const MatrixCell &cell, qint64 count)
{
    const QString text = plain(QString::fromUtf8(cell.text));
    switch (cell.state) {
    case MatrixCell::State::None:
        return u"-"_s;
    case MatrixCell::State::NotYet:
        return u"not yet"_s;
    case MatrixCell::State::Carried:
        // The others went without: a first request, before there was a token.
        return cell.exchanges.size() < count ? u"ok %1 (%2 of %3)"_s.arg(
                   text, QString::number(cell.exchanges.size()), QString::number(count))
                                             : u"ok "_s + text;
    case MatrixCell::State::Missing:
        return u"MISSING"_s;
    case MatrixCell::State::Withheld:
        return u"withheld"_s;
    case MatrixCell::State::Refused:
        return u"REFUSED "_s + text;
    }
    return {};
}

QString credentialText(const CredentialGlance &glance)
{
    const QString text = plain(QString::fromUtf8(glance.text));
    switch (glance.state) {
    case CredentialGlance::State::NoneNeeded:
        return u"-"_s;
    case CredentialGlance::State::Carried:
        return text;
    case CredentialGlance::State::Withheld:
        return u"withheld "_s + text;
    case CredentialGlance::State::Missing:
        return u"MISSING "_s + text;
    case CredentialGlance::State::Refused:
        return u"REFUSED "_s + text;
    }
    return {};
}

QString statusText(const TraceReader &trace, ExchangeId id)
{
    const int status = trace.summary(id).status;
    const QString words = rpcOutcomeWords(rpcOutcome(trace, id));
    const QString number = status ? QString::number(status) : u"none"_s;
    return words.isEmpty() ? number : number + u' ' + words;
}

QByteArray matrixToText(const TraceReader &trace, const Redactor &redactor)
{
    return matrixText(credentialMatrix(trace, redactor));
}

QByteArray traceToText(const TraceReader &trace, const Redactor &redactor, const Explain &explain,
                       const QList<ExchangeId> *only)
{
    const auto wanted = [only](ExchangeId id) {
        return !only || std::binary_search(only->begin(), only->end(), id);
    };
    CredentialMatrixBuilder credentials(redactor);
    credentials.update(trace);
    QList<QStringList> rows{{u"#"_s, u"time s"_s, u"method"_s, u"kind"_s, u"what"_s,
                             u"credentials"_s, u"status"_s, u"http"_s, u"events"_s, u"size"_s,
                             u"ms"_s}};
    QByteArray failures;
    // What fails a call is often noticed in its own right before.
    QSet<QByteArray> told;
    const auto tell = [&](const QByteArray &line) {
        if (!told.contains(line))
            failures += line;
        told.insert(line);
    };
    for (ExchangeId id = 1; id <= trace.exchangeCount(); ++id) {
        if (!wanted(id))
            continue;
        const RequestRecord &request = trace.request(id);
        const std::optional<ResponseRecord> response = trace.response(id);
        const ExchangeSummary summary = trace.summary(id);
        const qint64 end = summary.times.ended;
        rows << QStringList{
            QString::number(id),
            QString::number(double(summary.times.begun) / 1e9, 'f', 3),
            plain(QString::fromLatin1(request.method)),
            QString::fromLatin1(exchangeKindName(request.kind)),
            plain(redactor.text(request.what)),
            credentialText(credentials.glance(id)),
            statusText(trace, id),
            response ? plain(QString::fromLatin1(response->http)) : u"-"_s,
            summary.frames ? QString::number(summary.events) : u"-"_s,
            humanSize(summary.responseBytes),
            end < 0 ? u"open"_s : QString::number(double(end - summary.times.begun) / 1e6, 'f', 1)};
        if (request.kind == ExchangeKind::Process)
            failures += printedLines(trace, id, redactor);
        if (summary.left) {
            failures += evidence(id, redactor.text(leftBecause(trace, id)), {});
            continue;
        }
        std::optional<Failure> failure = judgedFailure(trace, id);
        // A note says it without what the trace adds to it.
        if (failure)
            told.insert(evidence(id, redactor.text(failure->sentence), failure->finding));
        if (failure && explain)
            failure = explain(trace, *failure);
        if (failure && (failure->kind != FailureKind::Cancelled || isOrderlyEnd(*failure)))
            failures += evidence(id, redactor.text(failure->sentence), failure->finding);
    }
    for (qint64 i = 0; i < trace.noteCount(); ++i) {
        const Note note = trace.note(i);
        // Told with its exchange already.
        if (note.failure && note.failure == judgedFailure(trace, note.exchange))
            continue;
        if (note.exchange > 0 && wanted(note.exchange) && (isRemark(note) || isByHand(note)))
            tell(evidence(note.exchange, redactor.text(note.text), note.finding));
    }
    using enum Align;
    QByteArray text =
        aligned(rows, {Right, Right, Left, Left, Left, Left, Left, Left, Right, Right, Right});
    if (!failures.isEmpty())
        text += "\n" + failures;
    if (only)
        return text;
    const CredentialMatrix matrix = credentials.matrix();
    if (matrix.rows.isEmpty() && trace.exchangeCount() > 0)
        return text;
    return text + "\nWhich request carried what\n" + matrixText(matrix);
}

} // namespace sightglass

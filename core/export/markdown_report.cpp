// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/diagnose/refusal.h"
#include "core/diagnose/rules.h"
#include "core/export/export_writers.h"
#include "core/export/utf8_parts.h"
#include "core/trace/credential_matrix.h"
#include "core/trace/trace_text.h"

#include <QSysInfo>

#include <algorithm>

namespace sightglass {

using namespace Qt::StringLiterals;

namespace {

/// Issue trackers take some 65,000 characters.
constexpr qsizetype MostBytes = 60'000;
constexpr qsizetype MostRows = 150;
constexpr qsizetype MostNotes = 40;
constexpr qint64 MostOfABody = 4'000;
/// Numbers of exchanges that a finding lists.
constexpr qsizetype MostNumbers = 12;

/// Untrusted words as they are, in a line of Markdown: they format nothing, link nowhere, and call
/// nobody.
QString words(const QString &text)
{
    QString out;
    const QString marked = markedText(text, LineEnds::Mark);
    for (const QChar c : marked) {
        if (c == u'<')
            out += "&lt;"_L1;
        else if (c == u'>')
            out += "&gt;"_L1;
        else if (c == u'&')
            out += "&amp;"_L1;
        else if (c == u'@')
            out += "`@`"_L1;
        else if (QStringView(u"\\`*_{}[]#|~!").contains(c))
            out += u'\\' + QString(c);
        else
            out += c;
    }
    return out;
}

qsizetype longestRun(const QString &text)
{
    qsizetype longest = 0;
    qsizetype run = 0;
    for (const QChar c : text) {
        run = c == u'`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

/// The same as code: nothing in it is looked at.
QString code(const QString &text, bool inTable)
{
    QString shown = markedText(text, LineEnds::Mark);
    if (shown.isEmpty())
        return {};
    if (inTable)
        shown.replace(u'|', "\\|"_L1);
    const QString fence(longestRun(shown) + 1, u'`');
    const bool padded = shown.startsWith(u'`') || shown.endsWith(u'`');
    return fence + (padded ? u' ' + shown + u' ' : shown) + fence;
}

QString row(const QStringList &cells)
{
    return "| "_L1 + cells.join(" | "_L1) + " |\n"_L1;
}

/// A report that can be put into an issue as it is.
class MarkdownReport {
public:
    MarkdownReport(ExportSource &source, ByteOut &out)
        : m_source(source)
        , m_trace(source.trace())
        , m_redactor(*source.redactor())
        , m_out(out)
    {
    }

    void write()
    {
        const QSet<ExchangeId> chosen(m_source.exchanges().begin(), m_source.exchanges().end());
        for (const Finding &finding : findings(m_trace, m_redactor)) {
            const bool shown = m_source.isWhole()
                || std::any_of(finding.exchanges.begin(), finding.exchanges.end(),
                               [&](ExchangeId id) { return chosen.contains(id); });
            if (shown)
                m_findings.append(finding);
        }
        if (!m_source.proceed())
            return;
        put(u"# What happened between a client and an MCP server\n\n"_s);
        versions();
        tried();
        writeFindings();
        exchanges();
        matrix();
        bodies();
        put(u"## What is not in it\n\n"_s);
        for (const QString &remark : m_source.remarks())
            put(u"- "_s + words(remark) + u'\n');
        put(u"- This report was made without secrets: a fingerprint such as `~7f2a` stands for "
            "one; equal secrets have equal fingerprints.\n"_s);
    }

private:
    void put(const QString &text)
    {
        const QByteArray bytes = text.toUtf8();
        m_written += bytes.size();
        m_out.write(bytes);
    }

    void versions()
    {
        QStringList servers;
        QStringList revisions;
        for (const ExchangeId id : m_source.exchanges()) {
            const QString server = m_source.text(serverOf(m_trace, id));
            if (!server.isEmpty() && !servers.contains(server) && servers.size() < 10)
                servers.append(server);
        }
        for (qint64 i = 0; i < m_trace.noteCount(); ++i) {
            const Note note = m_trace.note(i);
            if (note.name == "revision"_L1 && !revisions.contains(note.text))
                revisions.append(note.text);
        }
        const auto list = [](const QStringList &names) {
            QStringList shown;
            for (const QString &name : names)
                shown.append(code(name, true));
            return shown.isEmpty() ? u"none"_s : shown.join(u", "_s);
        };
        put(row({u"What"_s, u"Which"_s}) + row({u"---"_s, u"---"_s}));
        put(row({u"Recorded"_s, words(QString::fromLatin1(exportTime(m_trace, 0)))}));
        put(row({u"Servers"_s, list(servers)}));
        put(row({u"MCP revision"_s, list(revisions)}));
        put(row({u"Sightglass"_s, QStringLiteral(SIGHTGLASS_VERSION)}));
        put(row({u"Qt"_s, QString::fromLatin1(qVersion())}));
        put(row({u"System"_s, words(QSysInfo::prettyProductName())}) + u'\n');
    }

    void tried()
    {
        put(u"## What was tried\n\n"_s);
        qsizetype shown = 0;
        qsizetype more = 0;
        for (qint64 i = 0; i < m_trace.noteCount(); ++i) {
            const Note note = m_trace.note(i);
            // What failed stands with its exchange, and among the findings.
            if (note.failure || note.name == "failure"_L1)
                continue;
            if (shown >= MostNotes) {
                ++more;
                continue;
            }
            ++shown;
            QString line = u"- %1 after %2"_s.arg(words(note.name), humanDuration(note.at));
            if (!note.text.isEmpty())
                line += u": "_s + words(m_source.text(note.text));
            if (note.exchange > 0)
                line += u" (exchange %1)"_s.arg(note.exchange);
            put(line + u'\n');
        }
        if (shown == 0)
            put(u"- %1 exchanges were recorded.\n"_s.arg(m_source.exchanges().size()));
        if (more > 0)
            put(u"- … and %1 more\n"_s.arg(more));
        put(u"\n"_s);
    }

    void writeFindings()
    {
        put(u"## What was found\n\n"_s);
        if (m_findings.isEmpty())
            put(u"Nothing was found that is wrong.\n\n"_s);
        for (const Finding &finding : std::as_const(m_findings)) {
            put(u"### %1: %2\n\n"_s.arg(words(finding.id), words(finding.title)));
            put(words(finding.sentence) + u"\n\n"_s);
            if (!finding.advice.isEmpty())
                put(u"**What to do:** "_s + words(finding.advice) + u"\n\n"_s);
            put(u"Side: %1. "_s.arg(words(sideWords(finding.side))));
            QStringList numbers;
            for (const ExchangeId id :
                 finding.exchanges.first(std::min(MostNumbers, finding.exchanges.size())))
                numbers.append(QString::number(id));
            if (finding.exchanges.size() > MostNumbers)
                numbers.append(u"… (%1 in all)"_s.arg(finding.exchanges.size()));
            if (!numbers.isEmpty())
                put(u"Exchanges: %1."_s.arg(numbers.join(u", "_s)));
            put(u"\n\n"_s);
            for (const Evidence &evidence : finding.evidence)
                put(u"- "_s + words(evidenceWords(evidence)) + u'\n');
            put(u"\n"_s);
        }
    }

    void exchanges()
    {
        put(u"## Exchanges\n\n"_s);
        CredentialMatrixBuilder credentials(m_redactor);
        credentials.update(m_trace);
        m_matrix = credentials.matrix();
        put(row({u"#"_s, u"at"_s, u"request"_s, u"what"_s, u"credentials"_s, u"status"_s,
                 u"events"_s, u"size"_s, u"took"_s}));
        put(row({u"--:"_s, u"--:"_s, u"---"_s, u"---"_s, u"---"_s, u"---"_s, u"--:"_s, u"--:"_s,
                 u"--:"_s}));
        qsizetype rows = 0;
        for (const ExchangeId id : m_source.exchanges()) {
            if (++rows > MostRows || !m_source.proceed())
                break;
            const RequestRecord &request = m_trace.request(id);
            const ExchangeSummary summary = m_source.summary(id);
            put(row({QString::number(id), humanDuration(summary.times.begun),
                     code(QString::fromUtf8(request.method), true),
                     code(m_source.text(request.what), true),
                     words(credentialText(credentials.glance(id))), words(statusText(m_trace, id)),
                     QString::number(summary.events), humanSize(summary.responseBytes),
                     summary.finished ? humanDuration(summary.times.ended - summary.times.begun)
                                      : u"not over"_s}));
        }
        if (m_source.exchanges().size() > MostRows) {
            m_source.remark(u"Of %1 exchanges the first %2 stand in the table."_s.arg(
                QString::number(m_source.exchanges().size()), QString::number(MostRows)));
        }
        put(u"\n"_s);
    }

    void matrix()
    {
        put(u"## Which request carried what\n\n"_s);
        QStringList head{u"request"_s, u"count"_s};
        for (const QByteArray &column : m_matrix.columns)
            head.append(code(QString::fromUtf8(column), true));
        head.append(u"answer"_s);
        put(row(head) + row(QStringList(head.size(), u"---"_s)));
        for (const MatrixRow &line : m_matrix.rows) {
            QStringList cells{
                code(QString::fromUtf8(line.method) + u' ' + m_source.text(line.what), true),
                QString::number(line.count)};
            for (const MatrixCell &cell : line.cells)
                cells.append(words(matrixCellText(cell, line.count)));
            QStringList answers;
            for (const int status : line.statuses)
                answers.append(QString::number(status));
            cells.append(answers.isEmpty() ? u"none"_s : answers.join(u", "_s));
            put(row(cells));
        }
        put(u"\n"_s);
    }

    /// Those that show something first.
    QList<ExchangeId> byWeight() const
    {
        QList<ExchangeId> order;
        QSet<ExchangeId> taken;
        const QSet<ExchangeId> chosen(m_source.exchanges().begin(), m_source.exchanges().end());
        const auto take = [&](ExchangeId id) {
            if (chosen.contains(id) && !taken.contains(id)) {
                taken.insert(id);
                order.append(id);
            }
        };
        for (const Finding &finding : m_findings) {
            for (const ExchangeId id :
                 finding.exchanges.first(std::min(MostNumbers, finding.exchanges.size())))
                take(id);
        }
        for (const ExchangeId id :
             m_source.exchanges().first(std::min(MostRows, m_source.exchanges().size())))
            take(id);
        return order;
    }

    void bodies()
    {
        put(u"## What was sent and received\n\n"_s);
        const QList<ExchangeId> order = byWeight();
        if (!std::is_sorted(order.begin(), order.end()))
            put(u"Those that a finding above names come first, then the others.\n\n"_s);
        qsizetype shown = 0;
        qsizetype cut = 0;
        for (const ExchangeId id : order) {
            const QString text = folded(id, &cut);
            if (!m_source.proceed())
                return;
            if (m_written + text.toUtf8().size() > MostBytes)
                break;
            put(text);
            ++shown;
        }
        put(u"\n"_s);
        if (cut > 0)
            m_source.remark((cut == 1 ? u"One body is cut"_s : u"%1 bodies are cut"_s.arg(cut))
                            + u" after %1."_s.arg(humanSize(MostOfABody)));
        if (const qsizetype rest = m_source.exchanges().size() - shown; rest > 0) {
            m_source.remark(
                u"What %1 sent and received is left out: an issue takes so much and no more."_s.arg(
                    rest == 1 ? u"one exchange"_s : u"%1 exchanges"_s.arg(rest)));
        }
    }

    static QString block(const QString &text)
    {
        const QString fence(std::max<qsizetype>(3, longestRun(text) + 1), u'`');
        return fence + u"text\n"_s + text + (text.endsWith(u'\n') ? QString() : u"\n"_s) + fence
            + u"\n\n"_s;
    }

    QString head(const QString &first, const QList<Header> &lines)
    {
        QString text = markedText(first, LineEnds::Mark) + u'\n';
        for (const Header &line : lines) {
            const Header shown = m_source.header(line);
            text += markedText(QString::fromUtf8(shown.name + ": " + shown.value), LineEnds::Mark)
                + u'\n';
        }
        return text + u'\n';
    }

    static QString body(const QByteArray &start, qint64 size, bool text, qsizetype *cut)
    {
        if (size == 0)
            return {};
        if (!text)
            return u"(%1, no text)\n"_s.arg(humanSize(size));
        Utf8Parts whole;
        QString shown = markedText(QString::fromUtf8(whole.feed(start)), LineEnds::Keep);
        if (size > start.size()) {
            ++*cut;
            shown += u"\n(… %1 in all)\n"_s.arg(humanSize(size));
        }
        return shown;
    }

    QString folded(ExchangeId id, qsizetype *cut)
    {
        const RequestRecord &request = m_trace.request(id);
        const std::optional<ResponseRecord> response = m_trace.response(id);
        const ExchangeSummary summary = m_source.summary(id);
        const QString what = m_source.text(request.what);
        QString text = u"<details><summary>exchange %1: %2, %3</summary>\n\n"_s.arg(
            QString::number(id), htmlWords(what), htmlWords(statusText(m_trace, id)));
        QString out;
        if (isHttp(request.kind))
            out = head(QString::fromUtf8(request.method) + u' '
                           + QString::fromUtf8(m_source.url(request).toEncoded()),
                       request.headers);
        const QByteArray sent = m_source.requestBody(id);
        Utf8Check check;
        const bool isText = check.feed(sent) && check.finish();
        text += block(out + body(sent.left(MostOfABody), sent.size(), isText, cut));
        QString in;
        if (response && isHttp(request.kind))
            in = head(u"%1 %2 %3"_s.arg(QString::fromUtf8(response->http),
                                        QString::number(response->status),
                                        QString::fromUtf8(response->reason)),
                      response->headers);
        QByteArray start;
        // A little more, so that a secret at the edge is known as one.
        constexpr qint64 More = 4096;
        m_source.responseBody(
            id, [&start](QByteArrayView part) { start += part; }, 0, MostOfABody + More);
        Utf8Parts whole;
        Utf8Check received;
        const bool receivedText = received.feed(whole.feed(start));
        in += body(start.left(MostOfABody), summary.responseBytes, receivedText, cut);
        std::optional<Failure> failure = judgedFailure(m_trace, id);
        if (failure)
            failure = explained(m_trace, *failure);
        if (failure && !isOrderlyEnd(*failure))
            in += u"\n! "_s + markedText(m_source.text(failure->sentence), LineEnds::Mark) + u'\n';
        if (!in.isEmpty())
            text += block(in);
        return text + u"</details>\n\n"_s;
    }

    static QString htmlWords(const QString &text)
    {
        return u"<code>"_s + markedText(text, LineEnds::Mark).toHtmlEscaped() + u"</code>"_s;
    }

    ExportSource &m_source;
    const TraceReader &m_trace;
    const Redactor &m_redactor;
    ByteOut &m_out;
    QList<Finding> m_findings;
    CredentialMatrix m_matrix;
    qsizetype m_written = 0;
};

} // namespace

void writeMarkdown(ExportSource &source, ByteOut &out)
{
    MarkdownReport(source, out).write();
}

} // namespace sightglass

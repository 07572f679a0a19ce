// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/edited_lines.h"

#include "app/cli/session_words.h"

#include <QCoreApplication>
#include <QSocketNotifier>
#include <QStringDecoder>

#include <cstdio>
#include <histedit.h>
#include <poll.h>
#include <unistd.h>

namespace sightglass::cli {

namespace {

constexpr int HistoryLines = 1000;
constexpr wchar_t CompleteName[] = L"sightglass-complete";
constexpr wchar_t EndName[] = L"sightglass-end";

bool hasInput()
{
    pollfd in{STDIN_FILENO, POLLIN, 0};
    return poll(&in, 1, 0) > 0;
}

} // namespace

class EditedLines::Private {
public:
    Private(EditedLines *lines, Propose proposer)
        : q(lines)
        , propose(std::move(proposer))
        , notifier(STDIN_FILENO, QSocketNotifier::Read)
        , editor(el_init("sightglass", stdin, stderr, stderr))
        , history(history_winit())
    {
        notifier.setEnabled(false);
        if (!editor || !history)
            return;
        HistEventW event;
        history_w(history, &event, H_SETSIZE, HistoryLines);
        history_w(history, &event, H_SETUNIQUE, 1);
        el_wset(editor, EL_CLIENTDATA, this);
        el_wset(editor, EL_PROMPT, &Private::promptOf);
        el_wset(editor, EL_EDITOR, L"emacs");
        el_wset(editor, EL_HIST, history_w, history);
        el_wset(editor, EL_GETCFN, &Private::nextCharacter);
        el_wset(editor, EL_ADDFN, CompleteName, L"Complete the word", &Private::complete);
        el_wset(editor, EL_ADDFN, EndName, L"End, or delete the next character", &Private::end);
        // What a person has chosen (vi's keys, for one) may begin with other keys altogether.
        el_source(editor, nullptr);
        el_wset(editor, EL_BIND, L"^I", CompleteName, nullptr);
        el_wset(editor, EL_BIND, L"^D", EndName, nullptr);
        el_wset(editor, EL_BIND, L"^R", L"em-inc-search-prev", nullptr);
    }
    ~Private()
    {
        stop();
        if (editor)
            el_end(editor);
        if (history)
            history_wend(history);
    }
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;

    static Private *of(EditLine *editor)
    {
        void *data = nullptr;
        el_wget(editor, EL_CLIENTDATA, &data);
        return static_cast<Private *>(data);
    }
    static wchar_t *promptOf(EditLine *editor) { return of(editor)->prompt.data(); }

    /// The end of the input where the line is empty, as terminals have it.
    static unsigned char end(EditLine *editor, int)
    {
        const LineInfoW *line = el_wline(editor);
        if (line->buffer == line->lastchar) {
            of(editor)->atEnd = true;
            return CC_NEWLINE;
        }
        if (line->cursor < line->lastchar) {
            el_cursor(editor, 1);
            el_deletestr(editor, 1);
        }
        return CC_REFRESH;
    }

    /// Waits within the event loop: in the middle of a key's sequence the session goes on.
    static int nextCharacter(EditLine *editor, wchar_t *character)
    {
        Private *self = of(editor);
        QStringDecoder decoder(QStringDecoder::Utf8);
        QString decoded;
        while (decoded.isEmpty()) {
            while (self->asked && !self->dropped && !hasInput())
                QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            if (self->dropped)
                return 0;
            char byte = 0;
            if (!self->asked || read(STDIN_FILENO, &byte, 1) != 1) {
                self->atEnd = true;
                return 0;
            }
            decoded = decoder(QByteArrayView(&byte, 1));
        }
        const QList<uint> points = decoded.toUcs4();
        *character = static_cast<wchar_t>(points.first());
        return 1;
    }

    static unsigned char complete(EditLine *editor, int) { return of(editor)->completeWord(); }

    unsigned char completeWord()
    {
        const LineInfoW *line = el_wline(editor);
        const QString before = QString::fromWCharArray(line->buffer, line->cursor - line->buffer);
        const Proposal proposal = propose(before);
        if (proposal.words.isEmpty())
            return CC_ERROR;
        QString common = proposal.words.first();
        for (const QString &word : proposal.words) {
            while (!word.startsWith(common))
                common.chop(1);
        }
        const QString typed = before.mid(proposal.from);
        if (proposal.words.size() == 1)
            common += u' ';
        if (common.size() > typed.size() || (proposal.words.size() == 1 && common != typed)) {
            el_deletestr(editor, int(typed.toUcs4().size()));
            el_winsertstr(editor, common.toStdWString().c_str());
            return CC_REFRESH;
        }
        std::fputs("\n", stderr);
        for (const QString &word : proposal.words)
            std::fputs((word.toUtf8() + "\n").constData(), stderr);
        return CC_REDISPLAY;
    }

    void start()
    {
        asked = true;
        atEnd = false;
        el_resize(editor);
        el_wset(editor, EL_UNBUFFERED, 1);
        notifier.setEnabled(true);
    }
    void stop()
    {
        notifier.setEnabled(false);
        if (std::exchange(asked, false))
            el_wset(editor, EL_UNBUFFERED, 0);
    }

    void readKeys()
    {
        if (inside)
            return;
        inside = true;
        bool whole = false;
        while (asked && !atEnd && !whole && !dropped && hasInput()) {
            int count = 0;
            const wchar_t *text = el_wgets(editor, &count);
            whole = text && count > 0 && (text[count - 1] == L'\n' || text[count - 1] == L'\r');
        }
        inside = false;
        if (std::exchange(dropped, false) && asked) {
            stop();
            start();
            return;
        }
        if (!asked)
            return;
        if (atEnd) {
            stop();
            std::fputs("\n", stderr);
            Q_EMIT q->ended();
        } else if (whole) {
            const LineInfoW *line = el_wline(editor);
            QString text = QString::fromWCharArray(line->buffer, line->lastchar - line->buffer);
            while (text.endsWith(u'\n') || text.endsWith(u'\r'))
                text.chop(1);
            stop();
            if (!text.trimmed().isEmpty()) {
                HistEventW event;
                history_w(history, &event, H_ENTER, text.toStdWString().c_str());
            }
            Q_EMIT q->line(text);
        }
    }

    EditedLines *q;
    Propose propose;
    QSocketNotifier notifier;
    EditLine *editor;
    HistoryW *history;
    std::wstring prompt;
    bool asked = false;
    bool atEnd = false;
    bool dropped = false; ///< what was typed, in the middle of a key's sequence
    bool inside = false; ///< libedit waits for more of a key's sequence
};

std::unique_ptr<LineSource> EditedLines::create(Propose propose)
{
    std::unique_ptr<EditedLines> lines(new EditedLines(std::move(propose)));
    if (!lines->d->editor || !lines->d->history)
        return {};
    return lines;
}

EditedLines::EditedLines(Propose propose)
    : d(std::make_unique<Private>(this, std::move(propose)))
{
    connect(&d->notifier, &QSocketNotifier::activated, this, [this] { d->readKeys(); });
}

EditedLines::~EditedLines() = default;

void EditedLines::ask(const QString &prompt)
{
    d->prompt = prompt.toStdWString();
    if (d->asked)
        el_wset(d->editor, EL_REFRESH);
    else
        d->start();
}

void EditedLines::rest()
{
    if (d->asked)
        std::fputs("\r\033[K", stderr);
    d->stop();
}

void EditedLines::discard()
{
    if (!d->asked)
        return;
    std::fputs("^C\n", stderr);
    if (d->inside) {
        d->dropped = true;
        return;
    }
    d->stop();
    d->start();
}

void EditedLines::stepAside(bool aside)
{
    if (!d->asked)
        return;
    if (aside)
        std::fputs("\r\033[K", stderr);
    else
        el_wset(d->editor, EL_REFRESH);
}

} // namespace sightglass::cli

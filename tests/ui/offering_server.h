// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/odd_server.h"
#include "tests/ui/window_probe.h"

#include <QListView>
#include <QPlainTextEdit>
#include <QPointer>
#include <QSignalSpy>

namespace sightglass::test {

/// A server with resources, templates, prompts and completion that a test fills, page by page,
/// and that tells of changes on its event stream.
class OfferingServer : public OddServer {
public:
    explicit OfferingServer(
        const QByteArray &capabilities =
            R"({"resources":{"subscribe":true,"listChanged":true},"prompts":{"listChanged":true},"completions":{}})")
    {
        on(u"initialize"_s, [capabilities](const Message &message) {
            const QByteArray revision = message.json.value("params"_L1)
                                            .toObject()
                                            .value("protocolVersion"_L1)
                                            .toString()
                                            .toUtf8();
            message.to.answer(200,
                              rpcResult(message.id,
                                        R"({"protocolVersion":")" + revision
                                            + R"(","capabilities":)" + capabilities
                                            + R"(,"serverInfo":{"name":"o","version":"1"}})"),
                              Json);
        });
        on(u"GET"_s, [this](const Message &message) {
            stream = &message.to;
            openEvents(message.to, ": here\n\n");
        });
        list(ListKind::Resources, {});
        list(ListKind::ResourceTemplates, {});
        list(ListKind::Prompts, {});
    }

    /// Entries, or pages of entries parted by ';', as the members of a JSON array; `more` goes
    /// into each result.
    void list(ListKind kind, const QByteArray &pages, const QByteArray &more = {})
    {
        on(QString::fromLatin1(listMethod(kind)), [kind, pages, more](const Message &message) {
            const QList<QByteArray> all = pages.split(';');
            const QString cursor =
                message.json.value("params"_L1).toObject().value("cursor"_L1).toString();
            const int page = cursor.toInt();
            QByteArray result =
                "{\"" + listKey(kind).toLatin1() + "\":[" + all.value(page) + ']' + more;
            if (page + 1 < all.size())
                result += ",\"nextCursor\":\"" + QByteArray::number(page + 1) + '"';
            message.to.answer(200, rpcResult(message.id, result + '}'), Json);
        });
    }
    void answer(const QString &method, const QByteArray &result)
    {
        on(method, [result](const Message &message) {
            message.to.answer(200, rpcResult(message.id, result), Json);
        });
    }
    void refuse(const QString &method, int code)
    {
        on(method, [code](const Message &message) {
            message.to.answer(200,
                              R"({"jsonrpc":"2.0","id":)" + message.id + R"(,"error":{"code":)"
                                  + QByteArray::number(code) + R"(,"message":"no"}})",
                              Json);
        });
    }
    void notify(const QByteArray &method, const QByteArray &params = "{}")
    {
        if (stream)
            stream->write(sseEvent(R"({"jsonrpc":"2.0","method":")" + method + R"(","params":)"
                                   + params + '}'));
    }
    /// "params" of the newest request with that method.
    QJsonObject params(const QByteArray &method) const
    {
        const QList<RawRequest> all = got(method);
        return all.isEmpty()
            ? QJsonObject()
            : QJsonDocument::fromJson(all.constLast().body).object().value("params"_L1).toObject();
    }

    QPointer<RawConnection> stream;
};

/// Texts of the rows of a page's list, with their marks: "one [new]".
inline QStringList rows(const QWidget *page, int markRole)
{
    const QAbstractItemModel *model = page->findChild<QListView *>()->model();
    QStringList list;
    for (int row = 0; row < model->rowCount(); ++row) {
        const QModelIndex index = model->index(row, 0);
        const QString mark = index.data(markRole).toString();
        list.append(index.data().toString() + (mark.isEmpty() ? QString() : u" ["_s + mark + u']'));
    }
    return list;
}

/// Everything that text views within a widget show.
inline QString shownText(const QWidget *within)
{
    QStringList all;
    const auto edits = within->findChildren<QPlainTextEdit *>();
    for (const QPlainTextEdit *edit : edits) {
        if (edit->isVisible())
            all.append(edit->toPlainText());
    }
    return all.join(u'\n');
}

/// Keeps a picture where SIGHTGLASS_TEST_PICTURES names a folder, to look at.
inline void keepPicture(const WindowProbe &probe, const QString &name)
{
    const QString folder = qEnvironmentVariable("SIGHTGLASS_TEST_PICTURES");
    if (folder.isEmpty())
        return;
    QCoreApplication::processEvents(); // what changed gets its place
    probe.window->grab().save(folder + u'/' + name + u".png"_s);
}

} // namespace sightglass::test

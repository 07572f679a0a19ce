// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/commands.h"
#include "app/cli/request_action.h"

#include "core/trace/trace_text.h"
#include "core/trace/whole_file.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// One entry of a resource's contents.
struct Content {
    QString uri;
    QString mimeType;
    bool binary = false;
    QByteArray bytes;
};

class ReadAction final : public RequestAction {
public:
    using RequestAction::RequestAction;

    void begin() override { send(readResourceCall(word(0))); }

private:
    void answered(const CallResult &result) override
    {
        // With a file --json makes no difference: what is saved is the content.
        if (!result.failure && !options().outputFile.isEmpty())
            print(result);
        else
            RequestAction::answered(result);
    }

    void print(const CallResult &result) override
    {
        const JsonText json = JsonText::parse(result.result);
        const JsonText::Node entries = json.member(json.root(), u"contents");
        if (!json.isArray(entries)) {
            failProtocol(u"read-result"_s, u"The result of resources/read has no contents."_s,
                         result.exchange);
            return;
        }
        QList<Content> contents;
        for (JsonText::Node entry = json.firstChild(entries); entry >= 0;
             entry = json.nextSibling(entry)) {
            Content content;
            content.uri = json.string(json.member(entry, u"uri"));
            content.mimeType = json.string(json.member(entry, u"mimeType"));
            const JsonText::Node text = json.member(entry, u"text");
            const JsonText::Node blob = json.member(entry, u"blob");
            if (json.isString(text)) {
                content.bytes = json.string(text).toUtf8();
            } else if (json.isString(blob)) {
                content.binary = true;
                const auto decoded = QByteArray::fromBase64Encoding(
                    json.string(blob).toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
                if (!decoded) {
                    failProtocol(u"bad-base64"_s, u"A blob of the resource is no Base64."_s,
                                 result.exchange);
                    return;
                }
                content.bytes = *decoded;
            } else {
                failProtocol(u"read-result"_s,
                             u"A content of the resource has neither text nor blob."_s,
                             result.exchange);
                return;
            }
            contents.append(content);
        }
        if (contents.isEmpty())
            output().note(u"The resource has no contents."_s);
        if (options().outputFile.isEmpty())
            write(contents);
        else
            save(contents);
    }

    void write(const QList<Content> &contents)
    {
        const bool terminal = output().isTerminal();
        for (const Content &content : contents) {
            if (!content.binary || !terminal)
                continue;
            fail(Failure{FailureKind::Usage,
                         u"binary"_s,
                         u"%1 is binary (%2), and standard output is a terminal."_s.arg(
                             content.uri, describe(content)),
                         u"Save it with --output FILE, or print it with --json."_s,
                         0,
                         {}});
            return;
        }
        for (const Content &content : contents) {
            if (contents.size() > 1)
                output().note(lineForTerminal(content.uri) + u"  ["_s
                              + lineForTerminal(describe(content)) + u']');
            // A pipe or a file gets what the server has, to the byte.
            if (!terminal)
                output().result(content.bytes);
            else
                output().line(forTerminal(QString::fromUtf8(content.bytes)));
        }
        finish(Done);
    }

    void save(const QList<Content> &contents)
    {
        const QString path = options().outputFile;
        if (contents.size() != 1) {
            fail(Failure{
                FailureKind::Usage,
                u"several-contents"_s,
                u"The resource has %1 contents, and a file takes one."_s.arg(contents.size()),
                u"Print them with --json."_s,
                0,
                {}});
            return;
        }
        // Nothing is there, or all of it.
        WholeFile file(path, WholeFile::Readers::Usual);
        if (!file.open() || !file.write(contents.first().bytes) || !file.commit()) {
            fail(Failure{FailureKind::File,
                         u"cannot-write"_s,
                         u"%1 cannot be written: %2."_s.arg(path, file.problem()),
                         u"Check the path."_s,
                         0,
                         {}});
            return;
        }
        output().note(u"saved to %1 (%2)"_s.arg(path, lineForTerminal(describe(contents.first()))));
        finish(Done);
    }

    static QString describe(const Content &content)
    {
        const QString size = humanSize(content.bytes.size());
        return content.mimeType.isEmpty() ? size : content.mimeType + u", "_s + size;
    }
};

} // namespace

std::unique_ptr<Action> readAction(const Workplace &place)
{
    return std::make_unique<ReadAction>(place);
}

} // namespace sightglass::cli

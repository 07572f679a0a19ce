// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/json_text.h"
#include "core/trace/trace_text.h"
#include "ui/models/body_loader.h"
#include "ui/widgets/bodies/body_form.h"
#include "ui/widgets/json_view.h"

#include <QTimer>

namespace sightglass {

namespace {

/// What is shorter is read at once.
constexpr qint64 kReadAtOnce = 256 * 1024;
/// Up to this size it is a tree unasked.
constexpr qint64 kTreeUnasked = 8 * 1024 * 1024;
/// A tree costs several times the text: above this there is none.
constexpr qint64 kTreeAtMost = 256 * 1024 * 1024;

/// JSON as a tree.
class JsonBody final : public BodyForm {
public:
    explicit JsonBody(QWidget *parent)
        : BodyForm(parent)
        , m_view(new JsonView(parent))
        , m_loader(new BodyLoader(this))
    {
        constexpr int lookMs = 100;
        m_look.setInterval(lookMs);
        connect(m_loader, &BodyLoader::progressed, this, [this](qint64 copied, qint64 size) {
            m_view->showWaiting(
                JsonView::tr("Reading %1 of %2…").arg(humanSize(copied), humanSize(size)));
        });
        connect(&m_look, &QTimer::timeout, this, &JsonBody::look);
        connect(m_view, &JsonView::cancelled, this, [this] {
            stop();
            Q_EMIT cancelled();
        });
        connect(m_view, &JsonView::statusMessage, this, &BodyForm::statusMessage);
    }
    ~JsonBody() override { stop(); }

    QByteArray id() const override { return "json"; }
    QString title() const override { return JsonView::tr("Tree"); }
    int place() const override { return 10; }
    QWidget *widget() override { return m_view; }
    int fitness(const BodySource &body) const override
    {
        if (body.kind != BodyKind::Json || body.size > kTreeAtMost)
            return 0;
        return body.size <= kTreeUnasked ? 100 : 20;
    }
    void show(const BodySource &body) override
    {
        stop();
        if (body.size <= kReadAtOnce) {
            m_view->setJson(body.shown(0, body.size));
            return;
        }
        m_view->showWaiting(JsonView::tr("Reading %1…").arg(humanSize(body.size)));
        m_progress = std::make_shared<JsonProgress>();
        m_size = body.size;
        m_look.start();
        m_loader->load(body.raw, body.size, body.redactor,
                       [this, progress = m_progress](const QByteArray &bytes) -> BodyLoader::Done {
                           const JsonText parsed = JsonText::parseAsFar(bytes, progress.get());
                           // The loader asks for it only while this is there and waits.
                           return [this, parsed] {
                               m_look.stop();
                               m_progress.reset();
                               m_view->setJson(parsed);
                           };
                       });
    }
    void clear() override
    {
        stop();
        m_view->clear();
    }

private:
    void stop()
    {
        m_look.stop();
        m_loader->cancel();
        if (m_progress)
            m_progress->stop = true;
        m_progress.reset();
    }
    /// All of it was copied: what the thread does.
    void look()
    {
        if (!m_progress || m_loader->isCopying())
            return;
        const qint64 read = m_progress->read;
        m_view->showWaiting(
            read > 0
                ? JsonView::tr("Making the tree: %1 of %2…").arg(humanSize(read), humanSize(m_size))
                : JsonView::tr("Looking for secrets in %1…").arg(humanSize(m_size)));
    }

    JsonView *m_view;
    BodyLoader *m_loader;
    std::shared_ptr<JsonProgress> m_progress; ///< null: nothing is under way
    qint64 m_size = 0;
    QTimer m_look;
};

} // namespace

BodyForm *json_body(QWidget *parent)
{
    return new JsonBody(parent);
}

} // namespace sightglass

// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/models/hex_model.h"
#include "ui/theme.h"
#include "ui/widgets/bodies/body_form.h"
#include "ui/widgets/rows_view.h"

#include <algorithm>

namespace sightglass {

namespace {

/// Bytes, sixteen to a row.
class HexBody final : public BodyForm {
public:
    explicit HexBody(QWidget *parent)
        : BodyForm(parent)
        , m_model(new HexModel(parent))
        , m_rows(new RowsView(parent))
    {
        m_rows->setHeaderVisible(false);
        m_rows->setFont(wireFont());
        m_rows->setRowHeight(std::max(18, m_rows->fontMetrics().height() + 2));
        m_rows->setModel(m_model);
        m_rows->setColumns({{QStringLiteral("00000000"), 0, 0},
                            {QString(49, u'0'), 0, 0},
                            {QString(16, u'M'), 1, 0}});
        m_rows->setAccessibleName(HexModel::tr("Bytes"));
    }

    QByteArray id() const override { return "hex"; }
    QString title() const override { return HexModel::tr("Bytes"); }
    int place() const override { return 30; }
    QWidget *widget() override { return m_rows; }
    int fitness(const BodySource &body) const override
    {
        return body.kind == BodyKind::Binary ? 50 : 10;
    }
    void show(const BodySource &body) override { m_model->setSource(body.shown, body.size); }
    void clear() override { m_model->setSource({}, 0); }

private:
    HexModel *m_model;
    RowsView *m_rows;
};

} // namespace

BodyForm *hex_body(QWidget *parent)
{
    return new HexBody(parent);
}

} // namespace sightglass

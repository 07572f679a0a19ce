// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/mcp/method_params.h"

#include <QWidget>

class QVBoxLayout;

namespace sightglass {

/// The members of a method's params, to read: name, type, whether it is required, and the first
/// words of what the specification says of it; the tool tip has them all.
class ParamList final : public QWidget {
    Q_OBJECT
public:
    explicit ParamList(QWidget *parent = nullptr);

    void setParams(const QList<MethodParam> &params);

private:
    QList<MethodParam> m_params;
    QVBoxLayout *m_layout;
};

} // namespace sightglass

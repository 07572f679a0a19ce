// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/action.h"

namespace sightglass::cli {

/// Why a list did not come; a server that does not announce it may well have none.
Failure listFailure(Failure failure, const QByteArray &capabilities, ListKind kind);

/// Prints a list of the server, all pages.
class ListAction : public Action {
    Q_OBJECT
public:
    ListAction(const Workplace &place, ListKind kind);

    void begin() override;

private:
    void print(const Listing &listing);
    void printItem(const ListItem &item);

    ListKind m_kind;
};

} // namespace sightglass::cli

// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jsonrpc/json_edit.h"
#include "core/jsonrpc/json_text.h"
#include "tests/fuzz/fuzz_targets.h"
#include "ui/models/json_model.h"

namespace sightglass::fuzz {

namespace {

constexpr JsonText::Node FewNodes = 200;

/// Every value lies within the one above it and behind the one before it.
void checkIndex(const JsonText &json)
{
    const auto count = JsonText::Node(json.nodeCount());
    for (JsonText::Node node = 0; node < count; ++node) {
        require(json.start(node) < json.end(node) && json.end(node) <= json.text().size(),
                "a value lies within the text");
        const JsonText::Node parent = json.parent(node);
        require((parent < 0) == (node == 0) && parent < node, "only the root has no parent");
        if (parent >= 0) {
            require(json.start(parent) < json.start(node) && json.end(node) < json.end(parent),
                    "a value lies within the one above it");
        }
        const JsonText::Node next = json.nextSibling(node);
        require(next < 0 || (next > node && json.start(next) >= json.end(node)),
                "values stand one behind the other");
        if (node < FewNodes) {
            require(json.children(node).size() == json.childCount(node), "children are counted");
            require(json.nodeAt(json.start(node)) == node, "a value is found at its first byte");
        }
    }
}

/// A pointer leads to its value, unless a name that stands twice leads to the last one.
void checkPointers(const JsonText &json)
{
    const auto count = std::min(JsonText::Node(json.nodeCount()), FewNodes);
    for (JsonText::Node node = 0; node < count; ++node) {
        bool plain = true;
        for (JsonText::Node n = node; plain && json.parent(n) >= 0; n = json.parent(n)) {
            if (json.isObject(json.parent(n)))
                plain = json.member(json.parent(n), json.key(n)) == n;
        }
        if (plain)
            require(json.find(json.pointer(node)) == node, "a pointer leads to its value");
    }
}

/// Laid out otherwise it is the same text but for white space.
void checkLayout(const JsonText &json)
{
    const QByteArray compact = json.compact();
    const JsonText laidOut = JsonText::parse(json.indented());
    require(laidOut.isValid() && laidOut.nodeCount() == json.nodeCount(),
            "what is indented is the same JSON");
    require(laidOut.compact() == compact, "and compact it is the same text");
    const JsonText again = JsonText::parse(compact);
    require(again.isValid() && again.compact() == compact, "what is compact stays so");
}

void checkEdits(const JsonText &json, const QByteArray &pointer)
{
    const JsonEdit set = jsonWithMember(json.text(), pointer, "[1]");
    if (set.error) {
        require(set.text == json.text(), "what could not be edited is as it was");
    } else {
        const JsonText edited = JsonText::parse(set.text);
        require(edited.isValid(), "what is edited is JSON");
        // "-" is the place behind the last one, which is another afterwards.
        if (!pointer.contains("/-"))
            require(edited.raw(edited.find(pointer)) == "[1]", "what was set stands there");
    }
    const JsonEdit removed = jsonWithoutMember(json.text(), pointer);
    if (!removed.error) {
        const JsonText edited = JsonText::parse(removed.text);
        require(edited.isValid(), "what something was taken out of is JSON");
    }
}

/// All that a view asks of its rows.
void checkRows(const JsonModel &model)
{
    const int rows = model.rowCount();
    JsonText::Node before = -1;
    for (int row = 0; row < rows; ++row) {
        const JsonText::Node node = model.nodeAt(row);
        if (node >= 0) {
            require(node > before, "rows stand in the order of the text");
            require(model.rowOf(node) == row, "a row's value is found in its row");
            before = node;
        }
        for (int column = 0; column < JsonModel::ColumnCount; ++column) {
            const QModelIndex index = model.index(row, column);
            require(model.data(index, Qt::DisplayRole).toString().size() < 20'000,
                    "no more is shown than anybody can read");
            for (int role = JsonModel::NodeRole; role <= JsonModel::RestRole; ++role)
                model.data(index, role);
            model.data(index, Qt::ToolTipRole);
            model.data(index, Qt::AccessibleTextRole);
        }
        if (row < FewNodes)
            require(!model.pathOf(row).isEmpty() || rows == 1, "a row has a path");
    }
}

void checkModel(const JsonText &json, const QByteArray &wanted)
{
    JsonModel model;
    model.setJson(json);
    checkRows(model);
    // Folds and unfolds as the bytes of what is looked for say.
    for (const char byte : wanted.first(std::min<qsizetype>(wanted.size(), 64))) {
        if (model.rowCount() == 0)
            break;
        const int row = uchar(byte) % model.rowCount();
        model.setUnfolded(row, !model.isUnfolded(row));
    }
    checkRows(model);
    const auto count = JsonText::Node(json.nodeCount());
    for (JsonText::Node node = count > 1 ? 1 : 0; node < std::min(count, FewNodes); ++node) {
        const int row = model.reveal(node);
        require(row >= 0 && model.nodeAt(row) == node, "every value can be revealed");
    }
    model.foldAll();
    model.unfoldAll();
    if (count > 1 && count < JsonModel::kPart)
        require(model.rowCount() == count - 1, "unfolded, every value but the root has its row");
    for (const bool backwards : {false, true}) {
        const JsonText::Node found = model.find(wanted, -1, backwards);
        require(found < count, "what is found is there");
        const JsonText::Node next = found < 0 ? -1 : model.find(wanted, found, backwards);
        require(found < 0 || next >= 0, "what was found once is found again, around the end");
    }
}

} // namespace

/// The first line is what is looked for in the text behind it, and a pointer to edit it at.
void fuzzJsonView(QByteArrayView input)
{
    const qsizetype line = input.indexOf('\n');
    const QByteArray wanted = (line < 0 ? QByteArrayView() : input.first(line)).toByteArray();
    const QByteArray text = input.sliced(line + 1).toByteArray();
    const JsonText json = JsonText::parse(text);
    if (!json.isValid()) {
        require(json.error().has_value() && json.error()->offset >= 0
                    && json.error()->offset <= text.size() && !json.error()->sentence.isEmpty(),
                "what is no JSON has a place and a sentence");
        JsonModel model;
        model.setJson(json);
        require(model.rowCount() == 0, "what is no JSON has no rows");
        return;
    }
    checkIndex(json);
    checkPointers(json);
    checkLayout(json);
    checkEdits(json, wanted);
    checkModel(json, wanted);
}

} // namespace sightglass::fuzz

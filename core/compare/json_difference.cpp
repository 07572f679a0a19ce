// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/compare/json_difference.h"

#include <QHash>

#include <algorithm>
#include <vector>

namespace sightglass {

namespace {

using Node = JsonText::Node;

/// Of two arrays so many pairs of items are held against each other to find the ones that stayed.
constexpr qint64 MostItemPairs = 1'000'000;

quint64 mixed(quint64 a, quint64 b)
{
    // The finaliser of MurmurHash3 spreads every bit over all others.
    quint64 x = a * 0x9E3779B97F4A7C15ULL ^ b;
    x ^= x >> 33;
    x *= 0xFF51AFD7ED558CCDULL;
    x ^= x >> 33;
    x *= 0xC4CEB9FE1A85EC53ULL;
    return x ^ x >> 33;
}

quint64 hashOf(QByteArrayView bytes, quint64 seed)
{
    return mixed(quint64(qHash(bytes, size_t(seed))), quint64(bytes.size()));
}

/// A string or a key as it is meant: most have no escapes.
quint64 stringHash(QByteArrayView raw, quint64 seed)
{
    const QByteArrayView inner = raw.size() < 2 ? raw : raw.sliced(1, raw.size() - 2);
    if (!inner.contains('\\'))
        return hashOf(inner, seed);
    return hashOf(jsonUnquoted(raw).toUtf8(), seed);
}

constexpr quint64 KeySeed = 1;
constexpr quint64 StringSeed = 2;
constexpr quint64 OtherSeed = 3;
constexpr quint64 FingerprintHash = 0x5EC2E7;

/// A number for each value below a node: equal for values without a difference. Kept for all of
/// them, so that each is looked at once.
class Hashes {
public:
    explicit Hashes(const JsonText &json, Node top = 0)
        : m_top(top)
    {
        if (!json.hasValues())
            return;
        const Node sibling = lastBelow(json, top);
        m_values.resize(size_t(sibling - top));
        std::vector<quint64> places(m_values.size(), 0); // of an item in its array
        // Children stand behind their parents: backwards, each is done before it is asked for.
        for (Node node = top; node < sibling; ++node) {
            if (!json.isArray(node))
                continue;
            quint64 place = 0;
            for (Node child = json.firstChild(node); child >= 0; child = json.nextSibling(child))
                places[size_t(child - top)] = ++place;
        }
        for (Node node = sibling - 1; node >= top; --node) {
            quint64 &value = m_values[size_t(node - top)];
            value = mixed(value, own(json, node));
            const Node parent = json.parent(node);
            if (node == top || parent < top)
                continue;
            const quint64 where = json.isObject(parent) ? stringHash(json.rawKey(node), KeySeed)
                                                        : places[size_t(node - top)];
            m_values[size_t(parent - top)] += mixed(where, value); // in any order
        }
    }
    quint64 at(Node node) const { return m_values[size_t(node - m_top)]; }

private:
    static Node lastBelow(const JsonText &json, Node top)
    {
        for (Node node = top; node >= 0; node = json.parent(node)) {
            if (const Node next = json.nextSibling(node); next >= 0)
                return next;
        }
        return Node(json.nodeCount());
    }
    static quint64 own(const JsonText &json, Node node)
    {
        switch (json.type(node)) {
        case JsonType::String: {
            const QByteArrayView raw = json.raw(node);
            constexpr qsizetype Longest = 64 * 1024;
            if (raw.size() < Longest && raw.startsWith("\"~") && isFingerprint(json.string(node)))
                return FingerprintHash;
            return stringHash(raw, StringSeed);
        }
        case JsonType::Object:
        case JsonType::Array:
            return quint64(json.type(node)) + 100;
        default:
            return hashOf(json.raw(node), OtherSeed);
        }
    }

    Node m_top;
    std::vector<quint64> m_values;
};

struct Pair {
    Node left;
    Node right;
};

class Comparison {
public:
    Comparison(const JsonText &left, const JsonText &right, qsizetype most)
        : m_left(left)
        , m_right(right)
        , m_most(most)
        , m_leftHashes(left)
        , m_rightHashes(right)
    {
    }

    JsonDifferences run()
    {
        m_work.push_back({0, 0});
        while (!m_work.empty()) {
            const Pair pair = m_work.back();
            m_work.pop_back();
            if (pair.left >= 0 && pair.right >= 0 && same(pair))
                continue;
            if (pair.left >= 0 && pair.right >= 0
                && m_left.type(pair.left) == m_right.type(pair.right)
                && (m_left.isObject(pair.left) || m_left.isArray(pair.left))) {
                m_next.clear();
                if (m_left.isObject(pair.left))
                    members(pair);
                else
                    items(pair);
                m_work.insert(m_work.end(), m_next.rbegin(), m_next.rend());
                continue;
            }
            if (m_found.list.size() == m_most) {
                m_found.all = false;
                break;
            }
            tell(pair);
        }
        return m_found;
    }

private:
    bool same(const Pair &pair) const
    {
        return m_leftHashes.at(pair.left) == m_rightHashes.at(pair.right);
    }
    void tell(const Pair &pair)
    {
        JsonDifference found;
        found.kind = pair.left < 0 ? JsonDifference::Kind::Added
            : pair.right < 0       ? JsonDifference::Kind::Removed
                                   : JsonDifference::Kind::Changed;
        found.pointer = pair.right >= 0 ? m_right.pointer(pair.right) : m_left.pointer(pair.left);
        found.left = pair.left;
        found.right = pair.right;
        m_found.list.append(found);
    }
    void members(const Pair &pair)
    {
        QHash<QString, QList<Node>> rest;
        for (Node child = m_right.firstChild(pair.right); child >= 0;
             child = m_right.nextSibling(child))
            rest[m_right.key(child)].append(child);
        QList<Node> taken;
        for (Node child = m_left.firstChild(pair.left); child >= 0;
             child = m_left.nextSibling(child)) {
            const auto found = rest.find(m_left.key(child));
            if (found == rest.end() || found->isEmpty()) {
                m_next.push_back({child, -1});
            } else {
                m_next.push_back({child, found->first()});
                taken.append(found->takeFirst());
            }
        }
        std::sort(taken.begin(), taken.end());
        for (Node child = m_right.firstChild(pair.right); child >= 0;
             child = m_right.nextSibling(child)) {
            if (!std::binary_search(taken.begin(), taken.end(), child))
                m_next.push_back({-1, child});
        }
    }
    void items(const Pair &pair)
    {
        QList<Node> a = m_left.children(pair.left);
        QList<Node> b = m_right.children(pair.right);
        qsizetype begin = 0;
        while (begin < a.size() && begin < b.size() && same({a[begin], b[begin]}))
            ++begin;
        while (a.size() > begin && b.size() > begin && same({a.constLast(), b.constLast()})) {
            a.removeLast();
            b.removeLast();
        }
        a.remove(0, begin);
        b.remove(0, begin);
        // What stands between two items that stayed was changed, added or removed.
        qsizetype i = 0;
        qsizetype j = 0;
        for (const auto &[x, y] : kept(a, b)) {
            gap(a, b, i, x, j, y);
            i = x + 1;
            j = y + 1;
        }
        gap(a, b, i, a.size(), j, b.size());
    }
    void gap(const QList<Node> &a, const QList<Node> &b, qsizetype i, qsizetype iEnd, qsizetype j,
             qsizetype jEnd)
    {
        for (; i < iEnd && j < jEnd; ++i, ++j)
            m_next.push_back({a[i], b[j]});
        for (; i < iEnd; ++i)
            m_next.push_back({a[i], -1});
        for (; j < jEnd; ++j)
            m_next.push_back({-1, b[j]});
    }
    /// The longest row of items that stand in both in this order.
    QList<std::pair<qsizetype, qsizetype>> kept(const QList<Node> &a, const QList<Node> &b) const
    {
        const qsizetype n = a.size();
        const qsizetype m = b.size();
        // Of the same number one may take each for its counterpart, unless one was moved; of very
        // many that is taken for granted.
        if (n == 0 || m == 0 || qint64(n) * m > MostItemPairs)
            return {};
        std::vector<qint32> length(size_t((n + 1) * (m + 1)), 0);
        const auto at = [&](qsizetype i, qsizetype j) -> qint32 & {
            return length[size_t(i * (m + 1) + j)];
        };
        for (qsizetype i = n - 1; i >= 0; --i) {
            for (qsizetype j = m - 1; j >= 0; --j)
                at(i, j) = same({a[i], b[j]}) ? at(i + 1, j + 1) + 1
                                              : std::max(at(i + 1, j), at(i, j + 1));
        }
        QList<std::pair<qsizetype, qsizetype>> pairs;
        for (qsizetype i = 0, j = 0; i < n && j < m;) {
            if (same({a[i], b[j]}))
                pairs.append({i++, j++});
            else if (at(i + 1, j) >= at(i, j + 1))
                ++i;
            else
                ++j;
        }
        return pairs;
    }

    const JsonText &m_left;
    const JsonText &m_right;
    qsizetype m_most;
    Hashes m_leftHashes;
    Hashes m_rightHashes;
    std::vector<Pair> m_work; ///< the next one last
    std::vector<Pair> m_next;
    JsonDifferences m_found;
};

} // namespace

bool isFingerprint(QStringView text)
{
    constexpr qsizetype Digits = 4;
    if (text.size() < 1 + Digits || text.front() != u'~')
        return false;
    for (qsizetype i = 1; i <= Digits; ++i) {
        const char16_t c = text[i].unicode();
        if (!(c >= u'0' && c <= u'9') && !(c >= u'a' && c <= u'f'))
            return false;
    }
    return std::all_of(text.begin() + 1 + Digits, text.end(), [](QChar c) { return c == u'*'; });
}

JsonDifferences jsonDifferences(const JsonText &left, const JsonText &right, qsizetype most)
{
    if (!left.hasValues() || !right.hasValues())
        return {};
    return Comparison(left, right, most).run();
}

quint64 jsonValueHash(const JsonText &json, JsonText::Node node)
{
    return json.hasValues() && node >= 0 ? Hashes(json, node).at(node) : 0;
}

} // namespace sightglass

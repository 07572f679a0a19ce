// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QIODevice>

namespace sightglass {

/// A request body that can be read once. QNetworkAccessManager silently sends
/// a request again when a connection dies without an answer; from a device
/// that cannot go back it can't, and says so instead (wire-facts 3).
class UploadBody final : public QIODevice {
public:
    explicit UploadBody(QByteArray bytes, QObject *parent = nullptr);

    bool isSequential() const override { return true; }
    bool reset() override { return false; }
    bool atEnd() const override;
    qint64 bytesAvailable() const override;

protected:
    qint64 readData(char *data, qint64 maxSize) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    QByteArray m_bytes;
    qint64 m_read = 0;
};

} // namespace sightglass

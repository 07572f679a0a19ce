// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/lab/media.h"

#include <QtEndian>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace sightglass {

namespace {

struct Pixel {
    double r = 0;
    double g = 0;
    double b = 0;
    double a = 0;
};

Pixel mix(const Pixel &under, const Pixel &over, double share)
{
    const double s = std::clamp(share, 0.0, 1.0) * over.a;
    const double a = s + under.a * (1 - s);
    if (a <= 0)
        return {};
    const double k = s / a;
    return {under.r + (over.r - under.r) * k, under.g + (over.g - under.g) * k,
            under.b + (over.b - under.b) * k, a};
}

Pixel liquid(LabColour colour)
{
    switch (colour) {
    case LabColour::Amber:
        return {226, 150, 38, 1};
    case LabColour::Green:
        return {46, 160, 87, 1};
    case LabColour::Blue:
        break;
    }
    return {37, 99, 201, 1};
}

/// 1 inside, 0 outside, a pixel wide slope between them.
double inside(double distance)
{
    return std::clamp(0.5 - distance, 0.0, 1.0);
}

Pixel pixelAt(double x, double y, double size, LabColour colour)
{
    const double centre = size / 2;
    const double radius = size * 0.46;
    const double rim = size * 0.075;
    const double distance = std::hypot(x - centre, y - centre);
    Pixel pixel;
    // A ring of steel, lit from above.
    const double light = 150 + 70 * (centre - y) / radius;
    pixel = mix(pixel, {light, light + 6, light + 12, 1}, inside(distance - radius));
    // Eight bolts on it.
    for (int i = 0; i < 8; ++i) {
        const double angle = (i + 0.5) * std::numbers::pi / 4;
        const double bx = centre + (radius - rim / 2) * std::cos(angle);
        const double by = centre + (radius - rim / 2) * std::sin(angle);
        pixel = mix(pixel, {70, 76, 84, 1}, inside(std::hypot(x - bx, y - by) - rim * 0.28));
    }
    const double glass = inside(distance - (radius - rim));
    pixel = mix(pixel, {232, 240, 248, 1}, glass);
    // The liquid with its wave, darker towards the ground.
    const double surface = centre + size * 0.03 * std::sin(x / size * 3.2 * std::numbers::pi);
    const double depth = std::clamp((y - surface) / radius, 0.0, 1.0);
    Pixel fluid = liquid(colour);
    fluid.r *= 1 - 0.35 * depth;
    fluid.g *= 1 - 0.35 * depth;
    fluid.b *= 1 - 0.35 * depth;
    pixel = mix(pixel, fluid, std::min(glass, inside(surface - y)));
    // Bubbles.
    constexpr std::array<std::array<double, 3>, 4> bubbles{
        {{0.38, 0.66, 0.030}, {0.55, 0.74, 0.022}, {0.62, 0.61, 0.036}, {0.47, 0.58, 0.016}}};
    for (const auto &[bx, by, br] : bubbles) {
        const double edge = std::hypot(x - bx * size, y - by * size) - br * size;
        pixel = mix(pixel, {255, 255, 255, 0.45}, std::min(glass, inside(edge)));
    }
    // What the window opposite leaves on the glass.
    const double gleam = std::hypot((x - size * 0.36) * 1.5, y - size * 0.30) - size * 0.10;
    return mix(pixel, {255, 255, 255, 0.55}, std::min(glass, inside(gleam)));
}

quint32 crc32(QByteArrayView bytes)
{
    quint32 crc = 0xffffffffU;
    for (const char byte : bytes) {
        crc ^= quint8(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320U : 0U);
    }
    return ~crc;
}

template <typename Number> void appendBig(QByteArray &out, Number number)
{
    char bytes[sizeof number];
    qToBigEndian(number, bytes);
    out.append(bytes, sizeof number);
}

template <typename Number> void appendLittle(QByteArray &out, Number number)
{
    char bytes[sizeof number];
    qToLittleEndian(number, bytes);
    out.append(bytes, sizeof number);
}

void appendChunk(QByteArray &png, const QByteArray &type, const QByteArray &data)
{
    appendBig(png, quint32(data.size()));
    png += type + data;
    appendBig(png, crc32(type + data));
}

} // namespace

QByteArray labSightGlassPng(int size, LabColour colour)
{
    QByteArray rows;
    rows.reserve(qsizetype(size) * (size * 4 + 1));
    for (int y = 0; y < size; ++y) {
        rows += '\0'; // no filter
        for (int x = 0; x < size; ++x) {
            const Pixel pixel = pixelAt(x + 0.5, y + 0.5, size, colour);
            for (const double value : {pixel.r, pixel.g, pixel.b, pixel.a * 255})
                rows += char(quint8(std::clamp(std::lround(value), 0L, 255L)));
        }
    }
    QByteArray header;
    appendBig(header, quint32(size));
    appendBig(header, quint32(size));
    header += QByteArray("\x08\x06\x00\x00\x00", 5); // 8 bits each of red, green, blue, alpha
    QByteArray png("\x89PNG\r\n\x1a\n");
    appendChunk(png, "IHDR", header);
    appendChunk(png, "IDAT", qCompress(rows).mid(4)); // qCompress puts the length in front
    appendChunk(png, "IEND", {});
    return png;
}

QByteArray labBellWav(double frequency, double seconds)
{
    constexpr int rate = 22050;
    const int samples = int(std::clamp(seconds, 0.1, 10.0) * rate);
    QByteArray data;
    data.reserve(samples * 2);
    for (int i = 0; i < samples; ++i) {
        const double t = double(i) / rate;
        const double phase = 2 * std::numbers::pi * frequency * t;
        const double tone =
            std::sin(phase) + 0.4 * std::sin(2.76 * phase) + 0.2 * std::sin(5.4 * phase);
        const double loudness = std::exp(-4 * t / seconds) * std::min(1.0, t * 200);
        appendLittle(data, qint16(std::lround(tone / 1.6 * loudness * 20000)));
    }
    QByteArray wav("RIFF");
    appendLittle(wav, quint32(36 + data.size()));
    wav += "WAVEfmt ";
    appendLittle(wav, quint32(16));
    appendLittle(wav, quint16(1)); // PCM
    appendLittle(wav, quint16(1)); // channels
    appendLittle(wav, quint32(rate));
    appendLittle(wav, quint32(rate * 2)); // bytes a second
    appendLittle(wav, quint16(2)); // bytes a sample
    appendLittle(wav, quint16(16)); // bits a sample
    wav += "data";
    appendLittle(wav, quint32(data.size()));
    return wav + data;
}

} // namespace sightglass

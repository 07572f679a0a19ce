// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "core/http/origin.h"
#include "tests/ui/window_probe.h"
#include "ui/connection/network_panel.h"

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// A certificate that nobody vouches for is accepted by one deliberate act, for its server alone,
/// and forgotten by another.
class TestCertificate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isAcceptedShownAndRemoved();
    void isOfItsServerAlone();
    void aProxysPasswordLeavesItsAddress();
};

namespace {

LinkButton *link(const WindowProbe &probe, const QString &text)
{
    const QList<LinkButton *> all = probe.window->findChildren<LinkButton *>();
    for (LinkButton *button : all) {
        if (!button->isHidden() && button->text() == text)
            return button;
    }
    return nullptr;
}

} // namespace

void TestCertificate::isAcceptedShownAndRemoved()
{
    Lab lab(LabSettings{.play = {u"AF-94"_s}});
    QVERIFY(lab.listen());
    WindowProbe probe;
    probe.enter(lab.url().toString());
    QTRY_VERIFY(link(probe, u"Accept this certificate"_s));
    QVERIFY(probe.state().phase != SessionPhase::Ready);
    QCOMPARE(probe.state().failure->code, u"certificate-self-signed"_s);
    const QByteArray offered = probe.state().failure->certificateSha256;
    QCOMPARE(offered.size(), 32);

    link(probe, u"Accept this certificate"_s)->click();
    QTRY_COMPARE(probe.state().phase, SessionPhase::Ready);
    auto *panel = probe.part<NetworkPanel>();
    QCOMPARE(panel->settings().pinnedSha256, offered);
    QCOMPARE(panel->settings().pinnedOrigin, Origin::of(lab.url()).toString());
    const QString digits = QString::fromLatin1(offered.toHex(':'));
    bool said = false;
    const QList<RoleLabel *> labels = panel->findChildren<RoleLabel *>();
    for (const RoleLabel *label : labels)
        said = said || label->text().contains(digits);
    QVERIFY(said);

    probe.connectButton()->click();
    QTRY_COMPARE(probe.state().phase, SessionPhase::Idle);
    const QList<LinkButton *> links = panel->findChildren<LinkButton *>();
    for (LinkButton *button : links) {
        if (button->text() == "Remove"_L1)
            button->click();
    }
    QVERIFY(panel->settings().pinnedSha256.isEmpty());
    probe.connectButton()->click();
    QTRY_VERIFY(link(probe, u"Accept this certificate"_s));
    QCOMPARE(probe.state().failure->code, u"certificate-self-signed"_s);
}

void TestCertificate::isOfItsServerAlone()
{
    Lab first(LabSettings{.play = {u"AF-94"_s}});
    Lab second(LabSettings{.play = {u"AF-94"_s}});
    QVERIFY(first.listen() && second.listen());
    WindowProbe probe;
    probe.enter(first.url().toString());
    QTRY_VERIFY(link(probe, u"Accept this certificate"_s));
    link(probe, u"Accept this certificate"_s)->click();
    QTRY_COMPARE(probe.state().phase, SessionPhase::Ready);
    // The same certificate, at another port.
    probe.enter(second.url().toString());
    QTRY_VERIFY(probe.state().failure);
    QCOMPARE(probe.state().failure->code, u"certificate-self-signed"_s);
}

void TestCertificate::aProxysPasswordLeavesItsAddress()
{
    NetworkPanel panel;
    NetworkSettings settings;
    settings.proxy = NetworkSettings::Proxy::Given;
    settings.proxyUrl = u"http://me:hidden%20one@proxy.example:3128"_s;
    panel.setSettings(settings, 60000);
    const NetworkSettings out = panel.settings();
    QCOMPARE(out.proxyUrl, u"http://proxy.example:3128"_s);
    QCOMPARE(out.proxyUser, u"me"_s);
    QCOMPARE(out.proxyPassword, u"hidden one"_s);
}

QTEST_MAIN(TestCertificate)
#include "test_certificate.moc"

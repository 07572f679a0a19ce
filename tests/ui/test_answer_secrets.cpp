// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/odd_server.h"
#include "ui/session_controller.h"

#include <QTest>

using namespace sightglass;
using namespace sightglass::test;
using namespace Qt::StringLiterals;

/// What a server sets as a cookie is as secret on the screen as what a person gave.
class TestAnswerSecrets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void a_cookie_is_known_before_the_result_that_tells_it();
};

void TestAnswerSecrets::a_cookie_is_known_before_the_result_that_tells_it()
{
    const QByteArray set = "server-set-9876";
    OddServer odd;
    QVERIFY(odd.listening);
    odd.on(u"tools/call"_s, [&](const OddServer::Message &message) {
        message.to.answer(
            200, rpcResult(message.id, R"({"content":[{"type":"text","text":")" + set + R"("}]})"),
            Json + "Set-Cookie: sess=" + set + "; Path=/\r\n");
    });
    SessionController controller;
    ServerTarget target = *parseTarget(odd.server.url().toString());
    target.revision = u"2025-11-25"_s;
    controller.connectTo(target);
    QTRY_COMPARE(controller.state().phase, SessionPhase::Ready);
    QVERIFY(!controller.redactor()->hasKnownSecret(set));
    bool finished = false;
    bool known = false;
    connect(&controller, &SessionController::callFinished, this, [&] {
        finished = true;
        known = controller.redactor()->hasKnownSecret(set);
    });
    controller.callTool(u"echo"_s, "{}", {});
    QTRY_VERIFY(finished);
    QVERIFY(known);
    QCOMPARE(controller.withoutSecrets(QString::fromLatin1(set)),
             QString::fromLatin1(controller.redactor()->fingerprint(set)));
}

QTEST_MAIN(TestAnswerSecrets)
#include "test_answer_secrets.moc"

// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/fuzz_targets.h"

#include <QDirIterator>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sightglass;

/// Every seed goes through every target once, without libFuzzer: so the targets stay whole, and
/// what was found once stays mended. A target aborts where something does not hold.
class TestFuzzSeeds : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void every_target_has_seeds_data()
    {
        QTest::addColumn<QString>("folder");
        for (const fuzz::NamedTarget &target : fuzz::targets())
            QTest::newRow(target.name) << Seeds + u'/' + QLatin1StringView(target.name);
    }
    void every_target_has_seeds()
    {
        QFETCH(QString, folder);
        QVERIFY(!QDir(folder).entryList(QDir::Files).isEmpty());
    }

    void every_seed_goes_through_every_target_data()
    {
        QTest::addColumn<fuzz::Target>("target");
        for (const fuzz::NamedTarget &target : fuzz::targets())
            QTest::newRow(target.name) << target.run;
    }
    void every_seed_goes_through_every_target()
    {
        QFETCH(fuzz::Target, target);
        target({});
        QDirIterator files(Seeds, QDir::Files, QDirIterator::Subdirectories);
        int count = 0;
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
            // Where it aborts this is the last that is said.
            qInfo().noquote() << QDir(Seeds).relativeFilePath(file.fileName());
            const QByteArray bytes = file.readAll();
            target(bytes);
            ++count;
        }
        QVERIFY(count > 100);
    }

private:
    const QString Seeds = QStringLiteral(SIGHTGLASS_FUZZ_SEEDS_DIR);
};

Q_DECLARE_METATYPE(sightglass::fuzz::Target)

QTEST_GUILESS_MAIN(TestFuzzSeeds)
#include "test_fuzz_seeds.moc"

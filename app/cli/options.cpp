// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0

#include "app/cli/options.h"

#include "app/cli/acting_option.h"
#include "app/cli/commands.h"
#include "app/cli/export_options.h"
#include "app/cli/oauth_options.h"
#include "app/cli/option_values.h"
#include "app/cli/recording_input.h"
#include "app/cli/send_options.h"
#include "app/cli/wrong_use.h"
#include "core/jsonrpc/json_text.h"
#include "core/mcp/revision.h"
#include "core/trace/redaction.h"
#include "core/trace/secret_names.h"

#include <QCommandLineParser>
#include <QFileInfo>
#include <QUrlQuery>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

struct Reader {
    QCommandLineParser parser;
    QStringList names; ///< of all options
    Options options;
    std::optional<Failure> failure;

    void fail(const Failure &why)
    {
        if (!failure)
            failure = why;
    }
    template <typename Take> void take(const Expected<QByteArray> &value, Take use)
    {
        if (value)
            use(*value);
        else
            fail(value.error());
    }

    void define();
    void readCredentials();
    void readOAuth();
    void tellDoubleAuthorization();
    void readNetwork();
    void readTarget();
    void readCommand();
    void readArguments();
    void readActing();
    void checkValues();
    void checkUse();
    std::optional<int> number(const QString &option, int from, int to);
};

void Reader::define()
{
    parser.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsOptions);
    const auto value = [this](const char *name) {
        names << QString::fromLatin1(name);
        parser.addOption(QCommandLineOption(QString::fromLatin1(name), {}, u"value"_s));
    };
    const auto flag = [this](const char *name) {
        names << QString::fromLatin1(name);
        parser.addOption(QCommandLineOption(QString::fromLatin1(name)));
    };
    for (const char *name : {"bearer-env",
                             "bearer-file",
                             "basic-env",
                             "header",
                             "header-env",
                             "cookie",
                             "cookie-env",
                             "transport",
                             "revision",
                             "timeout",
                             "cacert",
                             "cert",
                             "key",
                             "key-password-env",
                             "pin",
                             "proxy",
                             "proxy-password-env",
                             "like",
                             "trace",
                             "keep",
                             "color",
                             "args",
                             "body",
                             "method",
                             "seconds",
                             "port",
                             "play",
                             "token-seconds",
                             "cwd",
                             "env",
                             "answer",
                             "level",
                             "output",
                             "ttl",
                             "junit",
                             "sarif",
                             "export",
                             "filter",
                             "save",
                             "exchanges",
                             "otlp"})
        value(name);
    for (const QString &name : oauthOptions()) {
        names << name;
        parser.addOption(QCommandLineOption(name, {}, u"value"_s));
    }
    for (const char *name :
         {"show-secrets", "json", "http2", "task", "stdio", "no-browser", "paste", "allow-private",
          "oauth", "consent", "dpop-required", "events", "help", "version"})
        flag(name);
    parser.addOption(QCommandLineOption(u"h"_s));
}

std::optional<int> Reader::number(const QString &option, int from, int to)
{
    if (!parser.isSet(option))
        return {};
    bool ok = false;
    const int value = parser.value(option).toInt(&ok);
    if (!ok || value < from || value > to) {
        fail(usage(u"--%1 wants a whole number from %2 to %3."_s.arg(option).arg(from).arg(to)));
        return {};
    }
    return value;
}

void Reader::readCredentials()
{
    Credentials &credentials = options.target.credentials;
    if (parser.isSet(u"bearer-env"_s))
        take(variable(parser.value(u"bearer-env"_s)),
             [&](const QByteArray &token) { credentials.bearer = token; });
    if (parser.isSet(u"bearer-file"_s)) {
        take(fileContents(parser.value(u"bearer-file"_s), true),
             [&](const QByteArray &token) { credentials.bearer = token; });
    }
    if ((parser.isSet(u"bearer-env"_s) || parser.isSet(u"bearer-file"_s))
        && credentials.bearer.isEmpty() && !failure)
        fail(usage(u"The bearer token is empty."_s,
                   u"Check the variable or the file that holds it."_s));
    if (parser.isSet(u"basic-env"_s)) {
        take(variable(parser.value(u"basic-env"_s)), [&](const QByteArray &pair) {
            if (!pair.contains(':')) {
                fail(usage(u"The variable of --basic-env has no colon between user and password."_s,
                           u"Write user:password, or user: where there is none."_s));
            }
            const qsizetype colon = pair.indexOf(':');
            credentials.basicUser = QString::fromUtf8(pair.left(colon < 0 ? pair.size() : colon));
            credentials.basicPassword =
                colon < 0 ? QString() : QString::fromUtf8(pair.mid(colon + 1));
        });
    }
    const auto addHeader = [&](const QByteArray &line) {
        const Expected<Header> header = HeaderList::parse(line, HeaderSource::User);
        if (header)
            credentials.headers.append(*header);
        else
            fail(header.error());
    };
    for (const QString &line : parser.values(u"header"_s)) {
        addHeader(line.toUtf8());
        if (!credentials.headers.isEmpty() && Redactor::isSecret(credentials.headers.last())) {
            options.warnings
                << u"--header %1 can be read by others in the process list; --header-env keeps it out."_s
                       .arg(QString::fromLatin1(credentials.headers.last().name));
        }
    }
    // Those are of the request that is sent, and none of the handshake before it.
    if (options.command == "send"_L1)
        options.sentHeaders = std::exchange(credentials.headers, {});
    for (const QString &line : parser.values(u"header-env"_s)) {
        const qsizetype colon = line.indexOf(u':');
        if (colon < 1) {
            fail(usage(u"--header-env wants 'Name: VARIABLE'."_s));
            continue;
        }
        take(variable(line.mid(colon + 1).trimmed()), [&](const QByteArray &value) {
            addHeader(line.left(colon).toUtf8() + ": " + value);
            if (!credentials.headers.isEmpty())
                credentials.headers.last().secret = true;
        });
    }
    tellDoubleAuthorization();
    for (const QString &cookie : parser.values(u"cookie"_s)) {
        if (cookie.indexOf(u'=') < 1)
            fail(usage(u"--cookie wants 'name=value'."_s));
        credentials.cookies.append(cookie.toUtf8());
    }
    if (parser.isSet(u"cookie"_s)) {
        options.warnings
            << u"--cookie can be read by others in the process list; --cookie-env keeps it out."_s;
    }
    for (const QString &line : parser.values(u"cookie-env"_s)) {
        const qsizetype equals = line.indexOf(u'=');
        if (equals < 1) {
            fail(usage(u"--cookie-env wants 'name=VARIABLE'."_s));
            continue;
        }
        take(variable(line.mid(equals + 1).trimmed()), [&](const QByteArray &value) {
            credentials.cookies.append(line.left(equals).toUtf8() + '=' + value);
        });
    }
}

void Reader::readOAuth()
{
    const Expected<OAuthSettings> oauth = readOAuthOptions(parser);
    if (!oauth) {
        fail(oauth.error());
        return;
    }
    options.target.oauth = *oauth;
    options.noBrowser = parser.isSet(u"no-browser"_s);
    options.paste = parser.isSet(u"paste"_s);
}

/// Several options that make the same header: what is sent is then not what one sees.
void Reader::tellDoubleAuthorization()
{
    QStringList makers;
    for (const QString &option : {u"bearer-env"_s, u"bearer-file"_s, u"basic-env"_s}) {
        if (parser.isSet(option))
            makers << u"--"_s + option;
    }
    for (const QString &option : {u"header"_s, u"header-env"_s}) {
        if (option == "header"_L1 && options.command == "send"_L1)
            continue; // it goes instead
        for (const QString &line : parser.values(option)) {
            if (line.section(u':', 0, 0).compare("Authorization"_L1, Qt::CaseInsensitive) == 0)
                makers << u"--"_s + option;
        }
    }
    if (makers.size() < 2)
        return;
    const bool header = makers.last().startsWith("--header"_L1);
    options.warnings << u"Authorization is made by %1: %2."_s.arg(
        makers.join(u" and "_s),
        header ? u"it goes out more than once"_s : u"the bearer token is sent, and nothing else"_s);
}

void Reader::readNetwork()
{
    NetworkSettings &network = options.target.network;
    network.http2 = parser.isSet(u"http2"_s);
    network.caFile = parser.value(u"cacert"_s);
    network.clientCertificateFile = parser.value(u"cert"_s);
    network.clientKeyFile = parser.value(u"key"_s);
    if (parser.isSet(u"key-password-env"_s)) {
        take(variable(parser.value(u"key-password-env"_s)), [&](const QByteArray &password) {
            network.clientKeyPassword = QString::fromUtf8(password);
        });
    }
    if (parser.isSet(u"pin"_s)) {
        network.pinnedSha256 = QByteArray::fromHex(parser.value(u"pin"_s).remove(u':').toLatin1());
        if (network.pinnedSha256.size() != 32)
            fail(usage(u"--pin wants the SHA-256 of a certificate: 64 hexadecimal digits."_s));
    }
    const QString proxy = parser.value(u"proxy"_s);
    if (proxy == "none"_L1) {
        network.proxy = NetworkSettings::Proxy::None;
    } else if (!proxy.isEmpty() && proxy != "system"_L1) {
        QUrl url(proxy.contains("://"_L1) ? proxy : "http://"_L1 + proxy);
        if (!url.isValid() || url.host().isEmpty()
            || (url.scheme() != "http"_L1 && url.scheme() != "socks5"_L1)) {
            fail(usage(
                u"--proxy wants system, none, or a URL such as http://host:3128 or socks5://host:1080."_s));
        }
        network.proxy = NetworkSettings::Proxy::Given;
        network.proxyUser = url.userName(QUrl::FullyDecoded);
        network.proxyPassword = url.password(QUrl::FullyDecoded);
        if (!network.proxyPassword.isEmpty()) {
            options.warnings
                << u"The password in --proxy can be read by others in the process list; "
                   "--proxy-password-env keeps it out."_s;
        }
        url.setUserInfo(QString());
        network.proxyUrl = url.toString();
    }
    if (parser.isSet(u"proxy-password-env"_s)) {
        take(variable(parser.value(u"proxy-password-env"_s)), [&](const QByteArray &password) {
            network.proxyPassword = QString::fromUtf8(password);
        });
    }
}

void Reader::readTarget()
{
    ServerTarget &target = options.target;
    if (parser.isSet(u"revision"_s)) {
        target.revision = parser.value(u"revision"_s);
        if (target.revision != "auto"_L1 && !revisionNamed(target.revision.toLatin1())) {
            QStringList known{u"auto"_s};
            for (const Revision &revision : revisions())
                known << QString::fromLatin1(revision.name);
            fail(usage(u"--revision %1 is not known; it takes %2."_s.arg(target.revision,
                                                                         known.join(u", "_s))));
        }
    }
    if (parser.isSet(u"transport"_s)) {
        const QString name = parser.value(u"transport"_s);
        const auto choice = transportChoiceFromName(name.toUtf8());
        if (!choice) {
            fail(usage(
                u"--transport %1 is not known; it takes auto, streamable-http, sse or stdio."_s.arg(
                    name)));
        } else if (*choice != TransportChoice::Auto
                   && (*choice == TransportChoice::Stdio) != target.command.has_value()) {
            fail(usage(
                target.command
                    ? u"--transport %1 is for a URL; a program is spoken to by stdio."_s.arg(name)
                    : u"--transport stdio is for a program: TARGET is then -- PROGRAM ARG…"_s));
        } else {
            target.transport = *choice;
        }
    }
    if (target.command) {
        target.command->workingFolder = parser.value(u"cwd"_s);
        for (const QString &pair : parser.values(u"env"_s)) {
            const qsizetype equals = pair.indexOf(u'=');
            if (equals < 1)
                fail(usage(u"--env wants NAME=value."_s));
            else
                target.command->environment.append({pair.left(equals), pair.mid(equals + 1)});
        }
    }
    if (parser.isSet(u"timeout"_s)) {
        bool ok = false;
        const double seconds = parser.value(u"timeout"_s).toDouble(&ok);
        if (!ok || !(seconds >= 0) || seconds > 86400)
            fail(usage(u"--timeout wants seconds, from 0 (no limit) to 86400."_s));
        else
            // However short, it is a limit.
            target.requestTimeoutMs = static_cast<int>(std::ceil(seconds * 1000));
    }
    if (parser.isSet(u"answer"_s)) {
        take(fileContents(parser.value(u"answer"_s), false), [&](const QByteArray &json) {
            const Expected<Answers> answers = Answers::read(json);
            if (!answers) {
                fail(answers.error());
                return;
            }
            options.answers = *answers;
            target.offer = answers->offer();
        });
    }
    options.traceFile = parser.value(u"trace"_s);
    if (parser.isSet(u"keep"_s)) {
        const Expected<TraceLimit> limit = readKeep(parser.value(u"keep"_s));
        if (limit)
            options.keep = *limit;
        else
            fail(limit.error());
    }
    options.filters = parser.values(u"filter"_s);
    options.filters.removeIf([](const QString &filter) { return filter.trimmed().isEmpty(); });
    options.events = parser.isSet(u"events"_s);
    options.saveFile = parser.value(u"save"_s);
    options.showSecrets = parser.isSet(u"show-secrets"_s);
    options.port = static_cast<quint16>(number(u"port"_s, 0, 65535).value_or(0));
    options.stdio = parser.isSet(u"stdio"_s);
    options.oauth = parser.isSet(u"oauth"_s);
    options.consent = parser.isSet(u"consent"_s);
    options.dpop = parser.isSet(u"dpop-required"_s);
    options.tokenSeconds = number(u"token-seconds"_s, 1, 86400);
    for (const QString &ids : parser.values(u"play"_s))
        options.play += ids.split(u',', Qt::SkipEmptyParts);
    if (parser.isSet(u"color"_s)) {
        const QString colour = parser.value(u"color"_s);
        if (colour == "always"_L1)
            options.colour = Colour::Always;
        else if (colour == "never"_L1)
            options.colour = Colour::Never;
        else if (colour != "auto"_L1)
            fail(usage(u"--color takes auto, always or never."_s));
    }
    // Of the extension's tasks a server has to be told that they are understood.
    target.offer.tasks =
        parser.isSet(u"task"_s) || options.command == "tasks"_L1 || options.command == "repl"_L1;
}

/// What is about the one command, and may stand within a session, too.
void Reader::readCommand()
{
    if (parser.isSet(u"json"_s))
        options.json = true;
    constexpr int ExplainSeconds = 3; // a stream that is refused is refused by then
    options.seconds = number(u"seconds"_s, 0, 86400)
                          .value_or(options.command == "explain"_L1 ? ExplainSeconds : 0);
    options.junitFile = parser.value(u"junit"_s);
    options.sarifFile = parser.value(u"sarif"_s);
    options.outputFile = parser.value(u"output"_s);
    if (const std::optional<Failure> wrong = readExportOptions(parser, &options))
        fail(*wrong);
    options.task = parser.isSet(u"task"_s);
    if (const std::optional<Failure> wrong = readSendOptions(parser, &options))
        fail(*wrong);
    if (parser.isSet(u"ttl"_s)) {
        bool ok = false;
        const double seconds = parser.value(u"ttl"_s).toDouble(&ok);
        if (!ok || !(seconds > 0) || seconds > 1e9)
            fail(usage(u"--ttl wants seconds."_s));
        else
            options.ttlMs = qint64(std::ceil(seconds * 1000));
        if (!options.task)
            options.warnings << u"--ttl makes no difference without --task."_s;
    }
    if (parser.isSet(u"level"_s)) {
        const QStringList levels{u"debug"_s, u"info"_s,     u"notice"_s, u"warning"_s,
                                 u"error"_s, u"critical"_s, u"alert"_s,  u"emergency"_s};
        options.level = parser.value(u"level"_s).toLatin1();
        if (!levels.contains(parser.value(u"level"_s)))
            fail(usage(u"--level takes %1."_s.arg(levels.join(u", "_s))));
    }
    if (parser.isSet(u"args"_s)) {
        const QString args = parser.value(u"args"_s);
        if (args == "-"_L1 || args.startsWith(u'@')) {
            take(fileContents(args == "-"_L1 ? args : args.mid(1), false),
                 [&](const QByteArray &json) { options.args = json; });
        } else {
            options.args = args.toUtf8();
        }
        readArguments();
    }
    const QString what = options.arguments.value(1);
    const bool named = options.arguments.size() == 3;
    if (options.command == "tasks"_L1
        && !(named ? QStringList{u"get"_s, u"result"_s, u"cancel"_s}.contains(what)
                   : what.isEmpty() || what == "list"_L1))
        fail(usage(u"The command is used as: sightglass-cli %1."_s.arg(
            commandNamed(options.command)->use)));
}

void Reader::readArguments()
{
    if (failure || !options.args || !commandNamed(options.command)->heeds(u"args"))
        return;
    const JsonText arguments = JsonText::parse(*options.args);
    // By hand one may try other things, too.
    const bool array = options.command == "raw"_L1 && arguments.isArray(arguments.root());
    if (arguments.isValid() && (array || arguments.isObject(arguments.root())))
        return;
    QString why = u"they are no object"_s;
    if (arguments.error()) {
        why = arguments.error()->sentence;
        if (why.endsWith(u'.'))
            why.chop(1);
        why = u"%1 (at byte %2)"_s.arg(why, QString::number(arguments.error()->offset));
    }
    fail(Failure{FailureKind::Usage,
                 u"bad-arguments"_s,
                 u"The arguments are not a JSON object: %1."_s.arg(why),
                 u"Give --args '{\"name\": value}'."_s,
                 0,
                 {}});
}

void Reader::readActing()
{
    if (!parser.isSet(u"like"_s))
        return;
    if (const std::optional<Failure> problem = readLike(parser.value(u"like"_s), &options))
        fail(*problem);
}

/// An empty value is mostly a variable of a script that is not set.
void Reader::checkValues()
{
    for (const QString &option : oauthOptions() + QStringList{u"save"_s}) {
        if (parser.isSet(option) && parser.values(option).contains(QString()))
            fail(usage(u"--%1 was given an empty value."_s.arg(option)));
    }
    for (const char *name :
         {"bearer-env", "bearer-file", "basic-env",        "header",    "header-env",
          "cookie",     "cookie-env",  "transport",        "revision",  "cacert",
          "cert",       "key",         "key-password-env", "proxy",     "proxy-password-env",
          "like",       "trace",       "answer",           "level",     "output",
          "junit",      "sarif",       "export",           "exchanges", "otlp"}) {
        const QString option = QString::fromLatin1(name);
        if (parser.isSet(option) && parser.values(option).contains(QString()))
            fail(usage(u"--%1 was given an empty value."_s.arg(option)));
    }
    QStringList fromStdin;
    for (const QString &option : {u"bearer-file"_s, u"args"_s, u"answer"_s, u"body"_s}) {
        if (parser.values(option).contains(u"-"_s))
            fromStdin << u"--%1 -"_s.arg(option);
    }
    if (options.command == "repl"_L1 && !fromStdin.isEmpty())
        fromStdin << u"repl"_s;
    if (fromStdin.size() > 1)
        fail(usage(u"%1 both want standard input."_s.arg(fromStdin.first(2).join(u" and "_s)),
                   u"Give one of them from a file."_s));
    if (parser.value(u"args"_s) == "@"_L1)
        fail(usage(u"--args @ names no file."_s, u"Give --args @FILE."_s));
}

/// Options that do nothing with this command: no reason to refuse it, but worth a word.
void Reader::checkUse()
{
    const Command &command = *commandNamed(options.command);
    const bool connects = command.connects() && options.recording.isEmpty();
    // Those of a session are for its commands.
    const auto heeds = [&](const QString &option) {
        return command.heeds(option) || (command.name == "repl"_L1 && option == "json"_L1);
    };
    QStringList without;
    for (const QString &option : parser.optionNames()) {
        const bool ofOne = std::any_of(commands().begin(), commands().end(),
                                       [&](const Command &one) { return one.heeds(option); });
        bool used = connects;
        if (option == "color"_L1)
            used = true;
        else if (ofOne)
            used = heeds(option) || (connects && option == "otlp"_L1);
        else if (option == "show-secrets"_L1)
            used = connects || options.exportFormat || command.name == "import"_L1
                || command.name == "compare"_L1;
        else if (option == "cwd"_L1 || option == "env"_L1)
            used = options.target.command.has_value();
        else if (option == "json"_L1)
            used = connects || command.readsRecording() || command.name == "trace"_L1
                || command.name == "decode"_L1 || command.name == "compare"_L1;
        else if (option.startsWith("bearer-"_L1) || option.startsWith("header"_L1)
                 || option.startsWith("cookie"_L1) || option == "revision"_L1
                 || option == "client-secret-env"_L1)
            used = connects || command.name == "lab"_L1;
        if (!used && !without.contains(u"--"_s + option))
            without << u"--"_s + option;
    }
    if (!without.isEmpty())
        options.warnings << u"“%1” makes no use of %2."_s.arg(command.name, without.join(u", "_s));
}

} // namespace

Expected<Options> parseOptions(const QStringList &words)
{
    // Behind -- stands a program with its arguments, which are none of ours.
    const qsizetype dashes = words.indexOf(u"--"_s);
    const QStringList commandLine = dashes < 0 ? words : words.first(dashes);
    const QStringList program = dashes < 0 ? QStringList() : words.sliced(dashes + 1);
    Reader reader;
    reader.define();
    if (!reader.parser.parse(commandLine))
        return wrongOption(reader.parser, reader.names, u"See sightglass-cli --help."_s);
    Options &options = reader.options;
    options.arguments = reader.parser.positionalArguments();
    if (!options.arguments.isEmpty())
        options.command = options.arguments.takeFirst();
    if (reader.parser.isSet(u"help"_s) || reader.parser.isSet(u"h"_s)
        || reader.parser.isSet(u"version"_s)) {
        options.help = !reader.parser.isSet(u"version"_s);
        options.version = !options.help;
    }
    if (options.command == "help"_L1) {
        options.help = true;
        options.command = options.arguments.value(0);
    }
    if (options.help && !options.command.isEmpty() && !commandNamed(options.command))
        return noCommand(options.command);
    if (options.help || options.version)
        return options;

    if (options.command.isEmpty())
        return usage(u"No command was given."_s);
    const Command *command = commandNamed(options.command);
    if (!command)
        return noCommand(options.command);
    if (dashes >= 0) {
        if (!command->connects())
            return usage(
                u"“%1” takes no program: -- is for commands that connect."_s.arg(options.command));
        if (program.isEmpty() || program.first().isEmpty())
            return usage(u"No program stands behind --."_s);
        options.target.command = ServerCommand{program.first(), program.mid(1), {}, {}};
        options.arguments.prepend(sightglass::commandLine(*options.target.command));
    }
    if (options.arguments.size() < command->least || options.arguments.size() > command->most)
        return wrongWords(*command, options.arguments, u"sightglass-cli "_s + command->use,
                          u"See sightglass-cli --help."_s);
    if (command->readsRecording() && !options.target.command
        && isRecordingPath(options.arguments.constFirst()))
        options.recording = options.arguments.constFirst();
    if (command->connects() && !options.target.command && options.recording.isEmpty()) {
        const QString given = options.arguments.first();
        const Expected<ServerTarget> target = parseTarget(given);
        if (!target) {
            Failure noUrl = target.error();
            if (QFileInfo(given).isExecutable() && !QFileInfo(given).isDir())
                noUrl.advice =
                    u"A program stands behind --: %1 -- %2."_s.arg(options.command, given);
            return noUrl;
        }
        options.target = *target;
        if (!target->credentials.basicPassword.isEmpty()) {
            options.warnings
                << u"The password in the URL can be read by others in the process list; "
                   "--basic-env keeps it out."_s;
        }
        for (const auto &[name, value] : QUrlQuery(target->url).queryItems(QUrl::FullyDecoded)) {
            if (!value.isEmpty() && isSecretParameterName(name.toUtf8())) {
                options.warnings
                    << u"“%1” in the URL can be read by others in the process list."_s.arg(name);
            }
        }
    }
    reader.checkValues();
    reader.readCredentials();
    reader.readOAuth();
    reader.readNetwork();
    reader.readTarget();
    reader.readCommand();
    reader.readActing();
    reader.checkUse();
    if (reader.failure)
        return *reader.failure;
    return options;
}

Expected<Options> parseSessionCommand(const QStringList &words, const Options &session)
{
    Reader reader;
    reader.define();
    if (!reader.parser.parse(QStringList{QString()} + words))
        return wrongOption(reader.parser, reader.names, u"Type help."_s);
    Options &options = reader.options;
    options = session;
    options.warnings.clear();
    options.arguments = reader.parser.positionalArguments();
    options.command = options.arguments.isEmpty() ? QString() : options.arguments.takeFirst();
    const Command *command = commandNamed(options.command);
    if (!command || !command->action)
        return usage(u"“%1” is no command of a session."_s.arg(options.command), u"Type help."_s);
    options.arguments.prepend(session.arguments.value(0));
    if (options.arguments.size() < command->least || options.arguments.size() > command->most) {
        return wrongWords(*command, options.arguments, QString(command->use).remove(u" TARGET"_s),
                          u"Type help."_s);
    }
    for (const QString &option : reader.parser.optionNames()) {
        if (option != "json"_L1 && !command->heeds(option))
            return usage(u"“%1” takes no --%2 within a session."_s.arg(command->name, option),
                         u"Type help."_s);
    }
    if (reader.parser.value(u"args"_s) == "-"_L1)
        return usage(u"Standard input has the commands of the session."_s,
                     u"Give the arguments themselves, or --args @FILE."_s);
    reader.checkValues();
    reader.readCommand();
    if (reader.failure)
        return *reader.failure;
    return options;
}

} // namespace sightglass::cli

// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/help.h"

#include "core/filter/filter_docs.h"
#include "core/lab/lab.h"

namespace sightglass::cli {

using namespace Qt::StringLiterals;

namespace {

/// Words in lines of at most 80 columns, each behind the indent.
QString wrapped(const QString &text, const QString &indent)
{
    constexpr qsizetype Columns = 80;
    QString lines;
    QString line = indent;
    for (const QString &word : text.split(u' ', Qt::SkipEmptyParts)) {
        if (line.size() > indent.size() && line.size() + word.size() + 1 > Columns) {
            lines += line + u'\n';
            line = indent;
        }
        line += line.size() > indent.size() ? u' ' + word : word;
    }
    return lines + line + u'\n';
}

} // namespace

QString helpText()
{
    return u"sightglass-cli: look into a server of the Model Context Protocol\n"
           "\n"
           "What the server has\n"
           "  sightglass-cli tools TARGET              list the tools\n"
           "  sightglass-cli resources TARGET          list the resources\n"
           "  sightglass-cli templates TARGET          list the resource templates\n"
           "  sightglass-cli prompts TARGET            list the prompts\n"
           "  sightglass-cli discover TARGET           what the server is, and how that was found\n"
           "What it does\n"
           "  sightglass-cli call TARGET TOOL          call a tool [--args JSON|@FILE|-] [--task]\n"
           "  sightglass-cli read TARGET URI           print a resource [--output FILE]\n"
           "  sightglass-cli prompt TARGET NAME        print a prompt [--args JSON|@FILE|-]\n"
           "  sightglass-cli complete TARGET WHAT ARGUMENT VALUE\n"
           "                                           what a value may become; WHAT is "
           "prompt:NAME\n"
           "                                           or a URI template [--args JSON: known "
           "values]\n"
           "  sightglass-cli ping TARGET               how long an answer takes\n"
           "  sightglass-cli tasks TARGET [list|get ID|result ID|cancel ID]\n"
           "  sightglass-cli raw TARGET METHOD         any request or notification [--args "
           "JSON|@FILE|-]\n"
           "                                           METHOD batch: --args is an array of "
           "messages\n"
           "  sightglass-cli send TARGET FILE EXCHANGE a request of a recording once more, with "
           "today's\n"
           "                                           session and credentials [--body "
           "TEXT|@FILE|-]\n"
           "                                           [--method METHOD] [--header 'Name: value']\n"
           "What it tells by itself\n"
           "  sightglass-cli subscribe TARGET URI...   print updates of resources [--seconds N]\n"
           "  sightglass-cli logs TARGET               print log messages [--level LEVEL] "
           "[--seconds N]\n"
           "  sightglass-cli listen TARGET             print the events of its stream [--seconds "
           "N]\n"
           "Authorising (OAuth)\n"
           "  sightglass-cli auth TARGET               how to authorise, and what is wrong with "
           "it; "
           "no log-in\n"
           "  sightglass-cli login TARGET              log in, and keep the tokens in the "
           "keychain\n"
           "  sightglass-cli token TARGET              what is kept of a log-in\n"
           "  sightglass-cli logout TARGET             revoke and forget the tokens\n"
           "A session, and other things\n"
           "  sightglass-cli repl TARGET               a session with one server: commands line by "
           "line\n"
           "  sightglass-cli explain FILE|TARGET       what is wrong, why, and what to do: of a "
           "recording, or of\n"
           "                                           a server that is asked [--seconds N]\n"
           "  sightglass-cli trace FILE|-              print a recording (or a HAR file) and its\n"
           "                                           credential matrix, or hand it on [--export "
           "FORMAT]\n"
           "                                           [--filter FILTER] [--events] [--save "
           "FILE]\n"
           "  sightglass-cli compare A B               how two recordings differ; exit code 0: "
           "they do\n"
           "                                           not, 1: they do, 2: it could not be told\n"
           "  sightglass-cli import FILE|-             make a recording of a HAR file --output "
           "FILE\n"
           "  sightglass-cli decode sse FILE|-         print an event stream, one JSON object a "
           "line\n"
           "  sightglass-cli lab                       run a practice server [--port N] [--oauth]\n"
           "                                           [--play ID,ID...]\n"
           "                                           (what it plays: sightglass-cli lab --help)\n"
           "\n"
           "TARGET is the URL of a server, such as http://127.0.0.1:3000/mcp, or, at the end of "
           "the\n"
           "line, a program to run: sightglass-cli tools [options] -- PROGRAM ARG...\n"
           "\n"
           "Commands\n"
           "  --args JSON|@FILE|-        arguments: a JSON object as text, from a file or from "
           "stdin\n"
           "  --body TEXT|@FILE|-        send: another body, sent as it is, be it JSON or not\n"
           "  --method METHOD            send: another HTTP method\n"
           "  --task                     call: as a task, which is followed to its end\n"
           "  --ttl SECONDS              how long the server is to keep that task\n"
           "  --output FILE              read: save the content; trace, import: where it goes\n"
           "  --export har|curl|text|jsonl|markdown|otlp\n"
           "                             trace: hand it on in this form, without secrets\n"
           "  --filter 'status:401 kind:stream'\n"
           "                             trace: these exchanges alone\n"
           "  --exchanges 3,7-9          trace: these exchanges alone, by their numbers\n"
           "  --level LEVEL              log messages from debug, info, notice, warning, error, "
           "critical,\n"
           "                             alert or emergency on; call, read, prompt, raw: on "
           "stderr\n"
           "  --seconds N                listen, logs, subscribe, send: end after so long (0: "
           "until "
           "interrupted);\n"
           "                             explain: listen so long (3)\n"
           "  --junit FILE               explain: write what was found as JUnit XML\n"
           "  --sarif FILE               explain: write what was found as SARIF 2.1.0\n"
           "  --filter FILTER            trace: what matches alone, such as 'status:4xx or "
           "ms>500'\n"
           "                             (what it takes: sightglass-cli help trace); of several "
           "all hold\n"
           "  --events                   trace: the events of streams in place of exchanges\n"
           "  --save FILE                trace: save what matches as a recording; without its "
           "secrets\n"
           "                             where the one it is taken from has none\n"
           "  --answer FILE              answers to sampling, elicitation and roots (JSON; - is "
           "stdin);\n"
           "                             what has no answer is declined\n"
           "Credentials\n"
           "  --bearer-env VAR           bearer token from an environment variable\n"
           "  --bearer-file FILE         bearer token from a file (- is stdin)\n"
           "  --basic-env VAR            user:password from an environment variable\n"
           "  --header 'Name: value'     a header on every request; again for more; send: on the "
           "sent one alone\n"
           "  --header-env 'Name: VAR'   its value from an environment variable\n"
           "  --cookie 'a=b'             a cookie on every request; again for more\n"
           "  --cookie-env 'a=VAR'       its value from an environment variable\n"
           "OAuth\n"
           "  --client-id ID             a client that was registered beforehand "
           "[--client-issuer URL]\n"
           "  --client-secret-env VAR    its secret\n"
           "  --client-key FILE          its private key (PEM) [--client-key-password-env VAR]\n"
           "  --client-auth none|basic|post|private-key-jwt\n"
           "  --client-metadata URL      a client ID metadata document of your own\n"
           "  --scope 'a b'|none         in place of what the server asks for\n"
           "  --resource URL|none        in place of the server's\n"
           "  --redirect HOST[:PORT][/PATH]\n"
           "                             where the browser is to come back: 127.0.0.1, localhost, "
           "[::1]\n"
           "  --dpop auto|never|always   tokens that are bound to a key (auto: where taken)\n"
           "  --grant browser|client-credentials|workload|enterprise\n"
           "  --assertion-env VAR, --assertion-file FILE\n"
           "                             workload: its own token (JWT)\n"
           "  --idp URL, --id-token-env VAR\n"
           "                             enterprise: the identity provider and its token\n"
           "                             [--idp-client-id ID] [--idp-client-secret-env VAR]\n"
           "  --allow-private            a public server may lead to addresses of a local network\n"
           "  --no-browser               login: print the address only\n"
           "  --paste                    login: read the address that the browser was sent to\n"
           "  --browser-timeout SECONDS  login: until the browser is no longer awaited (600; 0: no "
           "limit)\n"
           "Connection\n"
           "  --transport auto|streamable-http|sse|stdio\n"
           "  --revision auto|2024-11-05|2025-03-26|2025-06-18|2025-11-25|2026-07-28\n"
           "  --timeout SECONDS          until a request has its answer (60; 0: no limit); "
           "progress "
           "starts it\n"
           "                             anew, up to 60 times the limit in all\n"
           "  --http2                    HTTP/2 where the server offers it\n"
           "  --cacert FILE              trust these certificates (PEM) besides the system's\n"
           "  --cert FILE, --key FILE    client certificate and its key (PEM) [--key-password-env "
           "VAR]\n"
           "  --pin SHA256               accept exactly this server certificate\n"
           "  --proxy system|none|URL    [--proxy-password-env VAR]\n"
           "  --cwd FOLDER               working folder of the program\n"
           "  --env NAME=value           a variable for the program, besides ours; again for more\n"
           "  --like ID                  behave like a faulty client: AF-01 to AF-06, AF-09\n"
           "Output\n"
           "  --json                     what the server sent, as JSON\n"
           "  --keep SIZE[,stop]         of bodies, such as 2GB: beyond it the oldest are let go "
           "of, "
           "or\n"
           "                             (stop) no more are kept, and a recording (--trace) ends "
           "once\n"
           "                             its file is of that size; else the disk alone limits "
           "that\n"
           "  --trace FILE               record all exchanges to a file (secrets are left out)\n"
           "  --otlp URL                 send spans to an OpenTelemetry collector while it "
           "happens; "
           "trace:\n"
           "                             of the recording\n"
           "  --show-secrets             leave the secrets in\n"
           "  --color auto|always|never\n"
           "\n"
           "Exit status: 0 done; 1 the tool said isError; 2 wrong use; 3 not reached or transport "
           "broken;\n"
           "4 refused (401, 403), or explain found something; 5 protocol error; 6 timed out;\n"
           "7 done, but the recording is not whole; 130 interrupted.\n"
           "\n"
           "[exchange N] in a message is the number of an exchange in the recording: --trace FILE, "
           "then\n"
           "sightglass-cli trace FILE. More of a command: sightglass-cli help COMMAND.\n"_s;
}

QString helpText(const Command &command)
{
    QString text = u"sightglass-cli %1%2\n  %3\n"_s.arg(
        command.use, command.heeds(u"args") ? u" [--args JSON|@FILE|-]"_s : QString(),
        command.does);
    // The lines of its options, as the text for all has them.
    QString own;
    bool takes = false;
    for (const QString &line : helpText().split(u'\n')) {
        if (line.startsWith("  --"_L1))
            takes = command.heeds(line.mid(4).section(u' ', 0, 0));
        else if (!line.startsWith("     "_L1))
            takes = false;
        if (takes)
            own += line + u'\n';
    }
    if (!own.isEmpty())
        text += u"\n"_s + own;
    if (command.heeds(u"filter"))
        text += u'\n' + filterHelpText();
    text += command.connects()
        ? u"\nThe options for credentials, connection and output: sightglass-cli --help\n"_s
        : u"\nAll commands and options: sightglass-cli --help\n"_s;
    return text;
}

QString labHelpText()
{
    QString text =
        u"sightglass-cli lab: run a practice server on 127.0.0.1 until it is interrupted\n"
        "\n"
        "  sightglass-cli lab [--port N | --stdio] [--revision DATE] [--play ID,ID...]\n"
        "                     [--oauth [--token-seconds N] [--consent] [--dpop-required]\n"
        "                     [--client-secret-env VAR]]\n"
        "\n"
        "The first line on stdout is the URL of its MCP endpoint.\n"
        "\n"
        "  --stdio                    speak on standard streams, as a program that a client "
        "starts:\n"
        "                             sightglass-cli tools -- sightglass-cli lab --stdio\n"
        "  --revision DATE            speak this revision of MCP only; all of them otherwise\n"
        "  --port N                   listen there; any free port otherwise\n"
        "  --bearer-env VAR           every request has to carry this bearer token\n"
        "  --bearer-file FILE         the same from a file (- is stdin)\n"
        "  --header 'Name: value'     every request has to carry this header\n"
        "  --header-env 'Name: VAR'   the same from an environment variable\n"
        "  --cookie 'a=b'             every request has to carry this cookie\n"
        "  --cookie-env 'a=VAR'       the same from an environment variable\n"
        "  --oauth                    every request has to carry a token of the lab's own\n"
        "                             authorisation server, which listens at another port\n"
        "  --token-seconds N          how long such a token lives (3600)\n"
        "  --consent                  a page in the browser asks for consent; otherwise it is\n"
        "                             given at once\n"
        "  --dpop-required            tokens are bound to a key (RFC 9449)\n"
        "  --client-secret-env VAR    the secret of the client id practice-service, for client\n"
        "                             credentials; without one there is no such client\n"
        "  --play ID,ID...            misbehave; what needs --oauth brings it along\n"
        "\n"
        "What it plays, as ID[:NUMBER][@WHERE]. NUMBER is the one in the description, its default "
        "in\n"
        "brackets. WHERE is GET, POST, DELETE, request (any JSON-RPC request) or a method such as\n"
        "tools/list; without it the fault plays where it is most telling.\n"_s;
    for (const LabFault &fault : labFaults()) {
        text += u'\n' + u"  %1  %2\n"_s.arg(fault.id, fault.title)
            + wrapped(fault.description, u"      "_s);
    }
    return text;
}

} // namespace sightglass::cli

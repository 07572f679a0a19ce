# SPDX-FileCopyrightText: 2026 The Sightglass authors
# SPDX-License-Identifier: Apache-2.0
# Completion of sightglass-cli for bash.
_sightglass_cli()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    COMPREPLY=()
    case $previous in
        --transport) mapfile -t COMPREPLY < <(compgen -W 'auto streamable-http sse stdio' -- "$current"); return ;;
        --revision)
            mapfile -t COMPREPLY < <(compgen -W 'auto 2024-11-05 2025-03-26 2025-06-18 2025-11-25 2026-07-28' -- "$current")
            return ;;
        --export) mapfile -t COMPREPLY < <(compgen -W 'har curl text jsonl markdown otlp' -- "$current"); return ;;
        --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current"); return ;;
        --level)
            mapfile -t COMPREPLY < <(compgen -W 'debug info notice warning error critical alert emergency' -- "$current")
            return ;;
        --like)
            mapfile -t COMPREPLY < <(compgen -W 'AF-01 AF-02 AF-03 AF-04 AF-05 AF-06 AF-09' -- "$current")
            return ;;
        --grant)
            mapfile -t COMPREPLY < <(compgen -W 'browser client-credentials workload enterprise' -- "$current")
            return ;;
        --client-auth) mapfile -t COMPREPLY < <(compgen -W 'none basic post private-key-jwt' -- "$current"); return ;;
        --dpop) mapfile -t COMPREPLY < <(compgen -W 'auto never always' -- "$current"); return ;;
        --bearer-env | --basic-env | --key-password-env | --proxy-password-env | --client-secret-env | --client-key-password-env | \
            --assertion-env | --id-token-env | --idp-client-secret-env) mapfile -t COMPREPLY < <(compgen -A export -- "$current"); return ;;
        --bearer-file | --cacert | --cert | --key | --client-key | --assertion-file | --trace | --answer | --output | --junit | --sarif | --save | explain | trace | compare | import | sse)
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            return ;;
        --cwd) mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
        help)
            mapfile -t COMPREPLY < <(compgen -W 'tools resources templates prompts discover call read prompt complete ping
                tasks raw send subscribe logs listen auth login token logout repl explain trace compare import decode lab' -- "$current")
            return ;;
        decode) mapfile -t COMPREPLY < <(compgen -W 'sse' -- "$current"); return ;;
    esac
    local i
    for ((i = 1; i < COMP_CWORD; i++)); do
        # Behind -- stands a program with its arguments.
        if [ "${COMP_WORDS[i]}" = -- ]; then
            mapfile -t COMPREPLY < <(compgen -c -f -- "$current")
            return
        fi
    done
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W 'tools resources templates prompts discover call read prompt complete ping
            tasks raw send subscribe logs listen auth login token logout repl explain trace compare import decode lab help' -- "$current")
    elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W '--args --body --method --task --ttl --output --level --answer --seconds --port --stdio --play
            --oauth --token-seconds --consent --dpop-required --bearer-env --bearer-file
            --header --header-env --cookie --cookie-env --transport --revision --timeout --cwd --env --cacert --cert --key
            --key-password-env --pin --client-id --client-issuer --client-secret-env --client-key --client-key-password-env
            --client-auth --client-metadata --scope --resource --redirect --browser-timeout --dpop --grant --assertion-env --assertion-file
            --idp --id-token-env --idp-client-id --idp-client-secret-env --allow-private --no-browser --paste --proxy --proxy-password-env --http2
            --like --keep --trace --export --filter --events --save --exchanges --otlp --junit --sarif --show-secrets --json --color --help --version' -- "$current")
    elif [ "${COMP_WORDS[1]}" = tasks ] && [ "$COMP_CWORD" -eq 3 ]; then
        mapfile -t COMPREPLY < <(compgen -W 'list get result cancel' -- "$current")
    fi
}
complete -o filenames -F _sightglass_cli sightglass-cli

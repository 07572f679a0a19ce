// SPDX-FileCopyrightText: 2026 The Sightglass authors
// SPDX-License-Identifier: Apache-2.0
//
// Compiled for the sake of the headers that are precompiled with it; never run.
int main()
{
    return 0;
}

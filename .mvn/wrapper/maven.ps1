# Prints the path of mvn.cmd for mvnw.cmd: the installed Maven if it is new enough, else the version in
# maven-wrapper.properties, which is downloaded once and checked against its SHA-512.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# An exception would print a stack trace. The message is one line.
function Stop-Build($message) {
  [Console]::Error.WriteLine("mvnw: $message")
  exit 1
}

$java = if ($env:JAVA_HOME) { Join-Path $env:JAVA_HOME 'bin\java.exe' } else { 'java.exe' }
if (-not (Get-Command $java -ErrorAction SilentlyContinue)) {
  Stop-Build 'no Java found: install a JDK 17 or newer, or set JAVA_HOME to its directory'
}
$found = cmd /c "`"$java`" -version 2>&1" | Select-String ' version "(?:1\.)?(\d+)' | Select-Object -First 1
if (-not $found -or [int]$found.Matches[0].Groups[1].Value -lt 17) {
  Stop-Build "$java is too old: install a JDK 17 or newer, or set JAVA_HOME to its directory"
}

$installed = Get-Command mvn.cmd -ErrorAction SilentlyContinue
if ($installed) {
  $version = & $installed --version | Select-String 'Apache Maven (\d+\.\d+\.\d+)' | Select-Object -First 1
  # Quarkus' development mode needs 3.9.
  if ($version -and [version]$version.Matches[0].Groups[1].Value -ge [version]'3.9.0') {
    $installed.Source
    exit
  }
}

$pinned = @{}
Get-Content (Join-Path $PSScriptRoot 'maven-wrapper.properties') |
  Where-Object { $_ -match '^(\w+) *= *(\S+)' } |
  ForEach-Object { $pinned[$Matches[1]] = $Matches[2] }
$url = $pinned['distributionUrl']
$sha512 = $pinned['distributionSha512Sum']
$name = $url -replace '^.*/', '' -replace '-bin\.tar\.gz$', ''
$user = if ($env:MAVEN_USER_HOME) { $env:MAVEN_USER_HOME } else { Join-Path $HOME '.m2' }
$dists = Join-Path $user "wrapper\dists\$name\$($sha512.Substring(0, 16))"
$maven = Join-Path $dists "$name\bin\mvn.cmd"
if (-not (Test-Path $maven)) {
  New-Item -ItemType Directory -Force $dists | Out-Null
  $archive = Join-Path $dists 'maven.tar.gz'
  [Console]::Error.WriteLine("mvnw: downloading $url")
  # The default of older versions of Windows is TLS 1.0, which Maven's server refuses.
  [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
  try {
    Invoke-WebRequest $url -OutFile $archive -UseBasicParsing
  } catch {
    Stop-Build "cannot download ${url}: $($_.Exception.Message)"
  }
  if ((Get-FileHash $archive -Algorithm SHA512).Hash -ne $sha512) {
    Remove-Item $archive
    Stop-Build "wrong checksum, file deleted: $url"
  }
  # Windows has had tar since version 10. The tar of Git would read C: as the name of a host.
  & "$env:SystemRoot\System32\tar.exe" -xzf $archive -C $dists
  if ($LASTEXITCODE -ne 0) {
    Remove-Item -Recurse $dists
    Stop-Build "cannot unpack $url"
  }
  Remove-Item $archive
}
$maven

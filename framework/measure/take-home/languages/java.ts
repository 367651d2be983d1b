import type { Language } from '../language.ts'

export const java: Language = {
  name: 'Java',
  folder: 'docs/take-home/java',
  libraries: "Spring Boot, Spring Security's JWT decoder, Nimbus",
  source: /\.java$/,
  needs: {
    'a JDK, 17 or newer': { version: ['javac', '--version'], at: 'https://adoptium.net' },
    Maven: { version: ['mvn', '--version'], at: 'https://maven.apache.org' },
  },
  dependencyFiles: ['pom.xml'],
  install: [['mvn', '-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory={deps}/lib']],
  build: [['sh', '-c', "javac -parameters -cp '{deps}/lib/*' -d classes *.java"]],
  start: ['java', '-XX:TieredStopAtLevel=1', '-cp', '{folder}/classes:{deps}/lib/*', 'lab.Service'],
  mistakes: [
    {
      what: 'no audience',
      file: 'AccessToken.java',
      from: 'aud -> audience == null || aud.contains(audience)',
      to: 'aud -> true',
      pattern: 'p06',
      noticedBy: 'misaddressed-token',
    },
    {
      what: 'a proof counts twice',
      file: 'DpopProof.java',
      from: 'if (!remember(jkt + "." + jti, now)) throw',
      to: 'if (false) throw',
      pattern: 'p08',
      noticedBy: 'dpop-replayed-jti',
    },
  ],
}

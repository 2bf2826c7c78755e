; A program of routes that looks into a map that objects share by its name. Made by: llc-14 -march=bpfel -filetype=obj shared.ll -o shared.o
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "bpf"
%map = type { [2 x i32]*, i32*, i64*, [1 x i32]*, [1 x i32]* }
@common = dso_local global %map zeroinitializer, section ".maps", align 8, !dbg !20
@LIC = dso_local global [4 x i8] c"GPL\00", section "license", align 1
@llvm.used = appending global [3 x i8*] [i8* getelementptr inbounds ([4 x i8], [4 x i8]* @LIC, i32 0, i32 0), i8* bitcast (%map* @common to i8*), i8* bitcast (i32 (i8*)* @look_up_common to i8*)], section "llvm.metadata"
define dso_local i32 @look_up_common(i8* %ctx) section "prog" !dbg !7 {
  %key = alloca i32, align 4
  store i32 0, i32* %key, align 4, !dbg !11
  %k = bitcast i32* %key to i8*
  %v = call i8* inttoptr (i64 1 to i8* (i8*, i8*)*)(i8* bitcast (%map* @common to i8*), i8* %k), !dbg !11
  ret i32 0, !dbg !11
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!3, !4}
!0 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1, producer: "x", isOptimized: true, runtimeVersion: 0, emissionKind: FullDebug, enums: !2, globals: !12)
!1 = !DIFile(filename: "shared.c", directory: "/tmp")
!2 = !{}
!3 = !{i32 2, !"Dwarf Version", i32 4}
!4 = !{i32 2, !"Debug Info Version", i32 3}
!5 = !DIBasicType(name: "int", size: 32, encoding: DW_ATE_signed)
!6 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: null, size: 64)
!7 = distinct !DISubprogram(name: "look_up_common", scope: !1, file: !1, line: 3, type: !8, isLocal: false, isDefinition: true, scopeLine: 3, isOptimized: true, unit: !0, retainedNodes: !13)
!8 = !DISubroutineType(types: !9)
!9 = !{!5, !6}
!11 = !DILocation(line: 3, scope: !7)
!12 = !{!20}
!13 = !{!14}
!14 = !DILocalVariable(name: "ctx", arg: 1, scope: !7, file: !1, line: 3, type: !6)
!20 = !DIGlobalVariableExpression(var: !21, expr: !DIExpression())
!21 = distinct !DIGlobalVariable(name: "common", scope: !0, file: !1, line: 1, type: !22, isLocal: false, isDefinition: true)
!22 = distinct !DICompositeType(tag: DW_TAG_structure_type, file: !1, line: 1, size: 320, elements: !23)
!23 = !{!24, !25, !26, !27, !28}
!24 = !DIDerivedType(tag: DW_TAG_member, name: "type", scope: !22, file: !1, line: 1, baseType: !30, size: 64)
!25 = !DIDerivedType(tag: DW_TAG_member, name: "key", scope: !22, file: !1, line: 1, baseType: !31, size: 64, offset: 64)
!26 = !DIDerivedType(tag: DW_TAG_member, name: "value", scope: !22, file: !1, line: 1, baseType: !32, size: 64, offset: 128)
!27 = !DIDerivedType(tag: DW_TAG_member, name: "max_entries", scope: !22, file: !1, line: 1, baseType: !35, size: 64, offset: 192)
!28 = !DIDerivedType(tag: DW_TAG_member, name: "pinning", scope: !22, file: !1, line: 1, baseType: !35, size: 64, offset: 256)
!30 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: !33, size: 64)
!31 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: !37, size: 64)
!32 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: !38, size: 64)
!33 = !DICompositeType(tag: DW_TAG_array_type, baseType: !5, size: 64, elements: !34)
!34 = !{!39}
!35 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: !36, size: 64)
!36 = !DICompositeType(tag: DW_TAG_array_type, baseType: !5, size: 32, elements: !40)
!37 = !DIBasicType(name: "unsigned int", size: 32, encoding: DW_ATE_unsigned)
!38 = !DIBasicType(name: "unsigned long", size: 64, encoding: DW_ATE_unsigned)
!39 = !DISubrange(count: 2)
!40 = !{!41}
!41 = !DISubrange(count: 1)
